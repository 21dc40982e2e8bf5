import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createCampaignClient } from '../../src/campaign/campaign.ts';
import { sendRequest } from '../../src/campaign/http-client.ts';
import { fixedToken } from '../../src/campaign/tokens.ts';
import { startProxy } from '../network/proxy.fixture.ts';
import { httpAnswer } from './bare-server.ts';
import { selfSigned } from './self-signed.ts';
import { sendOnce } from './send-once.ts';

const trusted = getCACertificates('default');
const identity = selfSigned();
const closers: (() => unknown)[] = [];
const before = process.env.HTTPS_PROXY;

beforeEach(() => setDefaultCACertificates([...trusted, identity.cert]));
afterEach(async () => {
  setDefaultCACertificates(trusted);
  if (before === undefined) delete process.env.HTTPS_PROXY;
  else process.env.HTTPS_PROXY = before;
  for (const close of closers.splice(0)) await close();
});

type Listening = Pick<ReturnType<typeof createServer>, 'on' | 'listen' | 'address' | 'close'>;

async function listen(server: Listening, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    socket.on('error', () => undefined);
    sockets.add(socket);
  });
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Not listening on a port');
  return address.port;
}

/** Campaign over TLS, and the requests that arrived. */
async function startCampaign(respond: (socket: TLSSocket) => void) {
  const received: string[] = [];
  const server = createTlsServer(identity, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received.push(chunk.toString());
      if (chunk.toString().endsWith('}')) respond(socket);
    });
  });
  server.on('tlsClientError', () => undefined);
  return { url: `https://127.0.0.1:${await listen(server)}`, received };
}

function stop(apiUrl: string, proxy: string, timeoutMs = 2_000) {
  process.env.HTTPS_PROXY = proxy;
  const tokens = fixedToken('the-token');
  return sendOnce(
    createCampaignClient({ apiUrl, organization: 'acme', apiKey: 'key', tokens, timeoutMs }),
    'WKF110',
    'stop',
  );
}

const noConnection = { kind: 'not_reached', reason: 'no_connection' };
const proxyRefused = { kind: 'not_reached', reason: 'proxy_refused' };

it.each([null, 'p@ss:w/rd %'])('a command is accepted through the proxy, once (password: %s)', async (password) => {
  const campaign = await startCampaign((socket) => socket.end(httpAnswer(200, '')));
  const proxy = await startProxy(password);
  closers.push(() => proxy.close());
  expect(await stop(campaign.url, proxy.url)).toMatchObject({ kind: 'accepted' });
  expect(proxy.tunnels).toEqual([new URL(campaign.url).host]);
  expect(campaign.received.join('').match(/POST /g)).toHaveLength(1);
});

it('a command whose response is lost in the tunnel may have arrived', async () => {
  const campaign = await startCampaign((socket) => socket.destroy());
  const proxy = await startProxy();
  closers.push(() => proxy.close());
  expect(await stop(campaign.url, proxy.url)).toMatchObject({ kind: 'unknown', reason: 'connection_lost' });
});

it('a command without a response in time through the tunnel may have arrived', async () => {
  const campaign = await startCampaign(() => undefined);
  const proxy = await startProxy();
  closers.push(() => proxy.close());
  expect(await stop(campaign.url, proxy.url, 500)).toMatchObject({ kind: 'unknown', reason: 'timeout' });
});

it('nothing was sent when the proxy requires another password, or refuses', async () => {
  const campaign = await startCampaign((socket) => socket.end(httpAnswer(200, '')));
  const proxy = await startProxy('right');
  closers.push(() => proxy.close());
  expect(await stop(campaign.url, proxy.url.replace('right', 'wrong'))).toMatchObject(proxyRefused);
  proxy.refuse(true);
  expect(await stop(campaign.url, proxy.url)).toMatchObject(proxyRefused);
  expect(campaign.received).toEqual([]);
});

it('nothing was sent when the certificate behind the tunnel is not trusted', async () => {
  setDefaultCACertificates(trusted);
  const campaign = await startCampaign((socket) => socket.end(httpAnswer(200, '')));
  const proxy = await startProxy();
  closers.push(() => proxy.close());
  expect(await stop(campaign.url, proxy.url)).toMatchObject({ kind: 'not_reached', reason: 'tls_failed' });
  expect(campaign.received).toEqual([]);
});

const brokenProxies: readonly (readonly [string, (socket: Socket) => void, object?])[] = [
  ['sends nothing', () => undefined],
  ['closes the connection', (socket) => socket.destroy()],
  ['sends headers without end', (socket) => void dripTo(socket)],
  ['answers with something other than HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'), proxyRefused],
  ['answers 502', (socket) => socket.end(httpAnswer(502, '<html>'))],
  ['redirects', (socket) => socket.end('HTTP/1.1 302 Found\r\nLocation: https://example.com\r\n\r\n'), proxyRefused],
  ['requires a password', (socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'), proxyRefused],
  ['opens the tunnel and closes it', (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')],
  ['opens the tunnel and sends nothing', (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n')],
];

it.each(brokenProxies)('nothing was sent through a proxy that %s', async (...[, respond, expected = noConnection]) => {
  const port = await listen(createServer((socket) => socket.once('data', () => respond(socket))));
  expect(await stop('https://127.0.0.1:9', `http://127.0.0.1:${port}`, 300)).toMatchObject(expected);
});

it('a proxy is reached at an IPv6 address', async () => {
  const refusal = 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n';
  const port = await listen(
    createServer((socket) => socket.once('data', () => socket.end(refusal))),
    '::1',
  );
  expect(await stop('https://127.0.0.1:9', `http://[::1]:${port}`)).toMatchObject(proxyRefused);
});

it('the cause is a time-out where the proxy does not open the tunnel in time', async () => {
  const port = await listen(createServer(() => undefined));
  process.env.HTTPS_PROXY = `http://127.0.0.1:${port}`;
  const request = { method: 'GET', url: new URL('https://127.0.0.1:9'), headers: {}, timeoutMs: 300 } as const;
  expect(await sendRequest(request)).toMatchObject({ kind: 'never_connected', cause: { code: 'ETIMEDOUT' } });
});

it('nothing was sent when there is no proxy', async () => {
  const unused = createServer();
  const port = await listen(unused);
  unused.close();
  expect(await stop('https://127.0.0.1:9', `http://127.0.0.1:${port}`)).toMatchObject(noConnection);
});

function dripTo(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\n');
  const timer = setInterval(() => socket.write('X-Still: here\r\n'), 50);
  socket.once('close', () => clearInterval(timer));
}
