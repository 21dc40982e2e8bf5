import { createServer as createTcpServer, type Socket } from 'node:net';
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createCampaignClient } from '../../src/campaign/campaign.ts';
import { fixedToken } from '../../src/campaign/tokens.ts';
import { httpAnswer } from './bare-server.ts';
import { selfSigned } from './self-signed.ts';
import { sendOnce } from './send-once.ts';
import { stopInProcess } from './stop-in-process.ts';

const trusted = getCACertificates('default');
const closers: (() => void)[] = [];
afterEach(() => {
  setDefaultCACertificates(trusted);
  for (const close of closers.splice(0)) close();
});

async function listen(server: ReturnType<typeof createTcpServer>): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Not listening on a port');
  return `https://127.0.0.1:${address.port}`;
}

function stop(apiUrl: string, timeoutMs = 2_000) {
  const tokens = fixedToken('the-token');
  return sendOnce(
    createCampaignClient({ apiUrl, organization: 'acme', apiKey: 'key', tokens, timeoutMs }),
    'WKF110',
    'stop',
  );
}

/** A TLS server, what it received after the handshake, and when its first connection ended. */
async function startTlsServer(respond: (socket: TLSSocket) => void, isTrusted: boolean) {
  const identity = selfSigned();
  if (isTrusted) setDefaultCACertificates([...trusted, identity.cert]);
  const received: string[] = [];
  const ended = Promise.withResolvers<void>();
  const server = createTlsServer(identity, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received.push(chunk.toString());
      if (chunk.toString().endsWith('}')) respond(socket);
    });
  });
  server.on('tlsClientError', () => undefined);
  server.on('connection', (socket) => socket.once('close', () => ended.resolve()));
  return { url: await listen(server), received, ended: ended.promise };
}

const noConnection = { kind: 'not_reached', reason: 'no_connection' };
const noTls = { kind: 'not_reached', reason: 'tls_failed' };

describe('over https', () => {
  it('a command is accepted', async () => {
    const server = await startTlsServer((socket) => socket.end(httpAnswer(200, '')), true);
    expect(await stop(server.url)).toMatchObject({ kind: 'accepted' });
  });

  it('a connection lost after the handshake has an unknown outcome', async () => {
    const server = await startTlsServer((socket) => socket.destroy(), true);
    expect(await stop(server.url)).toMatchObject({ kind: 'unknown', reason: 'connection_lost' });
  });

  it('silence after the handshake has an unknown outcome', async () => {
    const server = await startTlsServer(() => undefined, true);
    expect(await stop(server.url, 300)).toMatchObject({ kind: 'unknown', reason: 'timeout' });
  });

  it('an untrusted certificate proves that nothing was sent', async () => {
    const server = await startTlsServer((socket) => socket.end(httpAnswer(200, '')), false);
    expect(await stop(server.url)).toMatchObject(noTls);
    await server.ended;
    expect(server.received).toEqual([]);
  });

  it('no environment variable makes such a certificate trusted', async () => {
    const server = await startTlsServer((socket) => socket.end(httpAnswer(200, '')), false);
    expect(await stopInProcess(server.url, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toMatchObject(noTls);
    await server.ended;
    expect(server.received).toEqual([]);
  });

  it.each<[string, object, (socket: Socket) => void]>([
    ['never starts', noConnection, () => undefined],
    [
      'is answered in plain text',
      noTls,
      (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    ],
    ['is cut off', noConnection, (socket) => socket.once('data', () => socket.destroy())],
  ])('encryption that %s proves that nothing was sent', async (_how, expected, respond) => {
    const url = await listen(createTcpServer((socket) => respond(socket.on('error', () => undefined))));
    expect(await stop(url, 300)).toMatchObject(expected);
  });
});
