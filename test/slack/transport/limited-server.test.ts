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

/** Connected, and seen by the server. */
async function open(): Promise<Socket> {
  const address = limited.server.address();
  const seen = once(limited.server, 'connection');
  const socket = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  await Promise.all([once(socket, 'connect'), seen]);
  return socket;
}

async function ask(socket: Socket, path: string): Promise<string> {
  socket.write(`GET ${path} HTTP/1.1\r\nhost: bot\r\n\r\n`);
  return String((await once(socket, 'data'))[0]);
}

it('the oldest connection makes room for a new one, and those that brought something genuine come last', async () => {
  const first = await open();
  await ask(first, '/genuine');
  const second = await open();
  await ask(second, '/other');
  const third = await open();
  const secondEnds = once(second, 'close');
  const fourth = await open();
  await secondEnds;
  const thirdEnds = once(third, 'close');
  const fifth = await open();
  await thirdEnds;
  for (const socket of [first, fourth, fifth]) expect(await ask(socket, '/genuine')).toContain('200 OK');
});

it('where all connections are genuine, it is the new one that is closed', async () => {
  const genuine = [await open(), await open(), await open()];
  for (const socket of genuine) await ask(socket, '/genuine');
  await once(await open(), 'close');
  for (const socket of genuine) expect(await ask(socket, '/genuine')).toContain('200 OK');
});
