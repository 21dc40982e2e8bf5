import { createServer, type Socket } from 'node:net';

export type BareServer = {
  url: string;
  /** What each connection sent, in the order of the connections. */
  received: string[];
  close(): Promise<void>;
};

/** A raw TCP server: `respond` writes any bytes once a complete HTTP request has arrived. */
export async function startBareServer(respond: (socket: Socket, request: string) => void): Promise<BareServer> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const index = received.push('') - 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const request = (received[index] ?? '') + chunk.toString('latin1');
      received[index] = request;
      if (isComplete(request)) respond(socket, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Not listening on a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** An HTTP answer as bytes, with its length and the end of the connection. */
export function httpAnswer(status: number, body: string, headers: Record<string, string> = {}): string {
  return head(status, Buffer.byteLength(body), headers) + body;
}

/** The same with a binary body. */
export function bytesAnswer(status: number, body: Uint8Array, headers: Record<string, string> = {}): Uint8Array {
  return Buffer.concat([Buffer.from(head(status, body.byteLength, headers)), body]);
}

function head(status: number, length: number, headers: Record<string, string>): string {
  const all = { 'Content-Length': String(length), Connection: 'close', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} Whatever`, ...lines, '', ''].join('\r\n');
}

function isComplete(request: string): boolean {
  const [head = '', ...rest] = request.split('\r\n\r\n');
  const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
  return rest.length > 0 && rest.join('\r\n\r\n').length >= length;
}
