import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export type RequestHandler = {
  handle(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
  /** Called when `handle` throws or rejects, possibly after the response was begun. */
  onError(error: unknown, request: IncomingMessage, response: ServerResponse): void;
};

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export type LoopbackServer = {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** To be called in the same tick in which the server was started: a request before that is never answered. */
  serve(handler: RequestHandler, upgrade?: UpgradeHandler): void;
  /** Also ends open connections, except those that were upgraded. */
  close(): Promise<void>;
};

/**
 * Listens on 127.0.0.1. The address is known before there is a handler, which may need it. Rejects where the port is taken.
 * @param port 0 for a free one
 */
export async function startLoopbackServer(port: number): Promise<LoopbackServer> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server does not listen on a TCP port.');
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    serve({ handle, onError }, upgrade) {
      server.on('request', async (request, response) => {
        try {
          await handle(request, response);
        } catch (error) {
          onError(error, request, response);
        }
      });
      if (upgrade !== undefined) server.on('upgrade', upgrade);
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
