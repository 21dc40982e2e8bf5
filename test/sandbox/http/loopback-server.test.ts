import { once } from 'node:events';
import { createConnection } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import {
  type LoopbackServer,
  type RequestHandler,
  startLoopbackServer,
} from '../../../sandbox/http/loopback-server.ts';
import { readBody, sendOutcome } from '../../../sandbox/http/message.ts';

const servers: LoopbackServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(handle: RequestHandler['handle']): Promise<LoopbackServer> {
  const server = await startLoopbackServer(0);
  server.serve({ handle, onError: (error, _request, response) => response.writeHead(500).end(String(error)) });
  servers.push(server);
  return server;
}

it('writes the given headers in their case, and adds only those of Node', async () => {
  const server = await start((_request, response) =>
    sendOutcome(response, { status: 418, headers: { 'X-Exact': 'a' }, body: 'b' }),
  );
  const socket = createConnection(server.port, '127.0.0.1');
  socket.end('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  const received = (await socket.setEncoding('utf8').toArray()).join('');
  const [head = ''] = received.split('\r\n\r\n');
  const names = head
    .split('\r\n')
    .slice(1)
    .map((line) => line.replace(/:.*/, ''));
  expect(names).toStrictEqual(['X-Exact', 'Date', 'Connection', 'Transfer-Encoding']);
});

it('closes a connection without a response', async () => {
  const server = await start((_request, response) => sendOutcome(response, 'drop'));
  await expect(fetch(server.url)).rejects.toThrow();
});

it('keeps a connection open without a response, and ends it when the server is closed', async () => {
  const { promise: received, resolve } = Promise.withResolvers<void>();
  const server = await start((_request, response) => {
    sendOutcome(response, 'hang');
    resolve();
  });
  const socket = createConnection(server.port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await received;
  const closed = once(socket.resume(), 'close');
  await server.close();
  await closed;
  expect(socket.bytesRead).toBe(0);
});

it('reads a body of the maximum length, and answers one that is a byte longer', async () => {
  const server = await start(async (request, response) => {
    const body = await readBody(request, 5);
    sendOutcome(response, body === null ? { status: 413, headers: {}, body: '' } : { status: 200, headers: {}, body });
  });
  const post = (body: string) => fetch(server.url, { method: 'POST', body });
  expect(await (await post('12345')).text()).toBe('12345');
  expect((await post('123456')).status).toBe(413);
});

it.each([
  [
    'throws',
    () => {
      throw new Error('out of order');
    },
  ],
  ['rejects', () => Promise.reject(new Error('out of order'))],
] as const)('reports the error of a handler that %s', async (_how, handle) => {
  const server = await start(handle);
  const response = await fetch(server.url);
  expect([response.status, await response.text()]).toStrictEqual([500, 'Error: out of order']);
});

it('rejects where the port is taken', async () => {
  const { port } = await start(() => {});
  await expect(startLoopbackServer(port)).rejects.toMatchObject({ code: 'EADDRINUSE', port });
});
