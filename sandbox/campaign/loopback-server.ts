import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { RecordedRequest } from './recorded-request.ts';
import type { Reply } from './reply.ts';

export type LoopbackServer = { url: string; close(): Promise<void> };

/**
 * An HTTP server on 127.0.0.1. `hear` is called when a whole request has come; `answered` when its fate is sealed.
 * @param port 0 for a free one
 */
export async function startLoopbackServer(
  port: number,
  hear: (request: RecordedRequest) => Reply,
  answered: () => void,
): Promise<LoopbackServer> {
  const server = createServer((incoming, response) => {
    handle(incoming, response, hear, answered).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${portOf(server.address())}`, close: () => close(server) };
}

async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  hear: (request: RecordedRequest) => Reply,
  answered: () => void,
): Promise<void> {
  const request = await record(incoming);
  const reply = hear(request);
  if (reply.kind !== 'answer') {
    if (reply.kind === 'drop') incoming.socket.destroy();
    request.answer = reply.kind === 'drop' ? 'dropped' : 'hanging';
    answered();
    return;
  }
  const { status, headers, body, delayMs } = reply;
  const write = () => {
    request.answer = { status, headers, body };
    response.writeHead(status, headers).end(body);
    answered();
  };
  if (delayMs === undefined) write();
  else setTimeout(write, delayMs).unref();
}

async function record(incoming: IncomingMessage): Promise<RecordedRequest> {
  const body = await text(incoming);
  const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: Object.fromEntries(headers),
    body,
    at: Date.now(),
    answer: null,
    reachedCampaign: false,
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('Not listening on a port');
  return address.port;
}

function close(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
