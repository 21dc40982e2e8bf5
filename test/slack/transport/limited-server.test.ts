import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createLimitedServer, type LimitedServer } from '../../../src/slack/transport/http-server.ts';

let limited: LimitedServer;
beforeEach(async () => {
  limited = createLimitedServer(
    (request, response) => {
      if (request.url === '/genuine') limited.trust(request.socket);
      response.end();
    },
    () => {},
    3,
  );
  limited.server.listen(0, '127.0.0.1');
  await once(limited.server, 'listening');
});
afterEach(() => {
  limited.server.close();
  limited.server.closeAllConnections();
});

/** A connection that the server has accepted. */
async function open(): Promise<Socket> {
  const address = limited.server.address();
  const accepted = once(limited.server, 'connection');
  const socket = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  await Promise.all([once(socket, 'connect'), accepted]);
  return socket;
}

async function get(socket: Socket, path: string): Promise<string> {
  socket.write(`GET ${path} HTTP/1.1\r\nhost: bot\r\n\r\n`);
  return String((await once(socket, 'data'))[0]);
}

it('a new connection replaces the oldest one without a verified request', async () => {
  const first = await open();
  await get(first, '/genuine');
  const second = await open();
  await get(second, '/other');
  const third = await open();
  const secondEnds = once(second, 'close');
  const fourth = await open();
  await secondEnds;
  const thirdEnds = once(third, 'close');
  const fifth = await open();
  await thirdEnds;
  for (const socket of [first, fourth, fifth]) expect(await get(socket, '/genuine')).toContain('200 OK');
});

it('where all connections are verified, the new one is closed', async () => {
  const genuine = [await open(), await open(), await open()];
  for (const socket of genuine) await get(socket, '/genuine');
  await once(await open(), 'close');
  for (const socket of genuine) expect(await get(socket, '/genuine')).toContain('200 OK');
});
