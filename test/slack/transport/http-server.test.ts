import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import bolt from '@slack/bolt';
import { signatureOf } from '../../../sandbox/slack/delivery/signature.ts';
import { type HttpOptions, type HttpServer, startHttpServer } from '../../../src/slack/transport/http-server.ts';
import type { TurnedAwayDetail, TurnedAwayReason } from '../../../src/slack/transport/turned-away.ts';

const nowMs = 1_800_000_000_000;
const seconds = nowMs / 1_000;
const signingSecret = 'the-secret';
const form = 'application/x-www-form-urlencoded';

let server: HttpServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

type Received = { url: string | undefined; type: string | undefined; body: string };

async function start(changed: Partial<HttpOptions> = {}) {
  const turnedAway: TurnedAwayReason[] = [];
  const details: TurnedAwayDetail[] = [];
  const received: Received[] = [];
  server = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, metricsPort: null, mode: 'http', now: () => nowMs },
    turnedAway(reason, detail) {
      turnedAway.push(reason);
      details.push(detail);
    },
    health: {
      checks: new Map([['slack', () => false]]),
      waiting: async () => ({ count: 0, since: null }),
      ledgerProblem: () => null,
      missing: () => [],
      witnessProblem: () => null,
      restored: () => null,
      clockOffset: () => null,
      rejectedSince: () => null,
      homeProblem: () => null,
      unreadCalendars: () => [],
      selfCheck: () => [],
      metrics: async () => ({ contentType: 'text/metrics', body: 'a 1\n' }),
    },
    ...changed,
  });
  return { server, turnedAway, details, received };
}

/** With a receiver that records its requests. */
async function serving(changed: Partial<HttpOptions> = {}) {
  const started = await start(changed);
  started.server.serveSlack({
    signingSecret,
    requestListener(request: IncomingMessage & { rawBody?: Buffer }, response) {
      const { url, headers, rawBody } = request;
      started.received.push({ url, type: headers['content-type'], body: String(rawBody) });
      response.end('received');
    },
  });
  return started;
}

const addressOf = (port: number | undefined, path: string) => `http://127.0.0.1:${port}${path}`;

type Post = {
  body: string;
  at: number;
  secret: string;
  type: string;
  path: string;
  headers: Record<string, string>;
  signal: AbortSignal | null;
};

async function post({ ports }: HttpServer, changed: Partial<Post> = {}): Promise<number> {
  const { body, at, secret, type, path, headers, signal } = {
    ...{ body: 'command=%2Fcampaign-wf', at: seconds, secret: signingSecret, type: form, path: '/slack/events' },
    ...{ headers: {}, signal: null, ...changed },
  };
  const signed = { 'x-slack-request-timestamp': String(at), 'x-slack-signature': signatureOf(secret, at, body) };
  const answer = await fetch(addressOf(ports.port, path), {
    method: 'POST',
    body,
    headers: { 'content-type': type, ...signed, ...headers },
    signal,
  });
  await answer.arrayBuffer();
  return answer.status;
}

const get = async (port: number | undefined, path: string) => {
  const answer = await fetch(addressOf(port, path));
  return [answer.status, answer.headers.get('content-type'), await answer.text()];
};

describe('a request for the process’s own pages', () => {
  it('is answered on the only port', async () => {
    const { port } = (await start()).server.ports;
    expect(await get(port, '/healthz')).toEqual([200, 'text/plain; charset=utf-8', 'ok\n']);
    expect(await get(port, '/metrics')).toEqual([200, 'text/metrics', 'a 1\n']);
    const [status, type, body] = await get(port, '/readyz?verbose');
    expect([status, type, JSON.parse(String(body)).ready]).toEqual([503, 'application/json', false]);
    expect((await get(port, '/'))[0]).toBe(404);
  });

  it('is answered on the port for metrics, where there is one, which accepts nothing of Slack’s', async () => {
    const { server: opened, turnedAway, details } = await serving({ metricsPort: 0 });
    const { port, metricsPort } = opened.ports;
    expect((await get(port, '/healthz'))[0]).toBe(200);
    expect((await get(port, '/metrics'))[0]).toBe(404);
    expect((await get(port, '/readyz'))[0]).toBe(404);
    expect((await get(metricsPort, '/healthz'))[0]).toBe(200);
    expect((await get(metricsPort, '/metrics'))[0]).toBe(200);
    for (const path of ['/slack/events', `/${'y'.repeat(200)}`])
      expect(await post({ ...opened, ports: { port: metricsPort ?? 0 } }, { path })).toBe(404);
    expect(turnedAway).toEqual(['wrong_path', 'wrong_path']);
    expect(details).toMatchObject([{ path: '/slack/events' }, { path: `/${'y'.repeat(99)}` }]);
  });

  it('has the only open port in Socket Mode, where METRICS_PORT is set', async () => {
    const { ports } = (await start({ metricsPort: 0, mode: 'socket' })).server;
    expect(ports.port).toBeUndefined();
    expect((await get(ports.metricsPort, '/healthz'))[0]).toBe(200);
  });
});

describe('a request of Slack', () => {
  it('is passed to the receiver as signed, with the path and type that Bolt compares', async () => {
    const { server: opened, received, turnedAway } = await serving();
    const body = 'command=%2Fcampaign-wf&text=stop+WKF110';
    expect(await post(opened, { body, path: '/slack/events/?x=1', type: `${form}; charset=UTF-8` })).toBe(200);
    expect(received).toEqual([{ url: '/slack/events', type: form, body }]);
    expect(turnedAway).toEqual([]);
  });

  it.each([
    [-300, null],
    [300, null],
    [-301, 'too_old'],
    [301, 'too_new'],
  ])('signed %d seconds from now: %p', async (offset, reason) => {
    const { server: opened, received, turnedAway } = await serving();
    expect(await post(opened, { at: seconds + offset })).toBe(reason === null ? 200 : 401);
    expect(turnedAway).toEqual(reason === null ? [] : [reason]);
    expect(received).toHaveLength(reason === null ? 1 : 0);
  });

  it.each<[string, Partial<Post>, TurnedAwayReason, number]>([
    ['another secret', { secret: 'another' }, 'bad_signature', 401],
    ['another secret, and old', { secret: 'another', at: seconds - 900 }, 'bad_signature', 401],
    ['an invalid signature', { headers: { 'x-slack-signature': 'v0=00' } }, 'bad_signature', 401],
    ['an invalid timestamp', { headers: { 'x-slack-request-timestamp': '1e9' } }, 'bad_signature', 401],
    ['another type', { type: 'text/plain' }, 'wrong_type', 415],
    ['a body that is too large', { body: 'a'.repeat(512 * 1_024 + 1) }, 'too_large', 413],
    ['an array as its body', { body: '[]', type: 'application/json' }, 'bad_body', 400],
    ['invalid JSON', { body: '{', type: 'application/json' }, 'bad_body', 400],
    ['a press without a person', { body: 'payload=%7B%22type%22%3A%22block_actions%22%7D' }, 'bad_body', 400],
    ['another path', { path: '/slack/events/more' }, 'wrong_path', 404],
  ])('with %s is rejected', async (_what, changed, reason, status) => {
    const { server: opened, received, turnedAway } = await serving();
    expect(await post(opened, changed)).toBe(status);
    expect(turnedAway).toEqual([reason]);
    expect(received).toEqual([]);
  });

  it.each<[string, Partial<Post>, TurnedAwayDetail]>([
    ['its age, where that is wrong', { at: seconds - 900 }, { ageSeconds: 900 }],
    ['its age, where it was signed in the future', { at: seconds + 900 }, { ageSeconds: -900 }],
    ['its age, where the signature is wrong', { secret: 'another', at: seconds - 7 }, { ageSeconds: 7 }],
    [
      'its type, shortened',
      { type: `text/${'x'.repeat(200)}; charset=UTF-8` },
      { contentType: `text/${'x'.repeat(95)}` },
    ],
    ['its path without the query, shortened', { path: `/${'y'.repeat(200)}?token=1` }, { path: `/${'y'.repeat(99)}` }],
    ['nothing else', { body: '[]', type: 'application/json' }, {}],
  ])('that is rejected is logged with its sender and %s', async (_what, changed, detail) => {
    const { server: opened, details } = await serving();
    await post(opened, changed);
    expect(details).toEqual([{ from: '127.0.0.1', ...detail }]);
  });

  it('of the maximum size is accepted', async () => {
    const { server: opened, received } = await serving();
    expect(await post(opened, { body: `a=${'a'.repeat(512 * 1_024 - 2)}` })).toBe(200);
    expect(received).toHaveLength(1);
  });

  it('without a signature is rejected', async () => {
    const { server: opened, turnedAway } = await serving();
    const answer = await fetch(addressOf(opened.ports.port, '/slack/events'), { method: 'POST', body: 'a=1' });
    expect(answer.status).toBe(401);
    expect(turnedAway).toEqual(['no_signature']);
  });

  it('that comes too early is to be sent again a second later, and no other', async () => {
    const statusAndRetry = async ({ ports }: HttpServer, path: string) => {
      const { status, headers } = await fetch(addressOf(ports.port, path), { method: 'POST', body: 'a=1' });
      return [status, headers.get('retry-after'), headers.get('connection')];
    };
    const early = await start();
    expect(await statusAndRetry(early.server, '/slack/events')).toEqual([503, '1', 'close']);
    expect(await statusAndRetry(early.server, '/slack/event')).toEqual([404, null, 'close']);
  });

  it('is rejected before the bot knows its identity, and in Socket Mode', async () => {
    const early = await start();
    expect(await post(early.server)).toBe(503);
    expect(early.turnedAway).toEqual(['not_ready']);
    await early.server.close();
    const socket = await start({ mode: 'socket' });
    expect(await post(socket.server)).toBe(404);
    expect(socket.turnedAway).toEqual(['wrong_mode']);
  });
});

it('a port that is in use is reported with the name of its variable, and leaves no other port open', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  for (const [changed, setting] of [
    [{ port }, 'PORT'],
    [{ metricsPort: port }, 'METRICS_PORT'],
  ] as const) {
    const refused = await start(changed).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'ListenError', setting, cause: { code: 'EADDRINUSE' } });
  }
  other.close();
});

it('relies on how Bolt reads bodies', async () => {
  const { bufferIncomingMessage, parseHTTPRequestBody } = bolt.HTTPModuleFunctions;
  const request = (rawBody: string, type: string) =>
    Object.assign({ headers: { 'content-type': type } }, { rawBody: Buffer.from(rawBody) }) as never;
  const kept = request('{"a":1}', 'application/json');
  const behaviour = {
    'keeps a body that was read before': (await bufferIncomingMessage(kept)) === kept,
    'reads JSON': parseHTTPRequestBody(kept),
    'reads a form': { ...parseHTTPRequestBody(request('a=1', form)) },
    'reads the payload of a form': parseHTTPRequestBody(request('payload=%7B%22a%22%3A1%7D', form)),
  };
  try {
    expect(behaviour).toEqual({
      'keeps a body that was read before': true,
      'reads JSON': { a: 1 },
      'reads a form': { a: '1' },
      'reads the payload of a form': { a: 1 },
    });
  } catch (cause) {
    throw new Error('Bolt reads bodies differently now: slack-body.ts and slack-request.ts have to follow', {
      cause,
    });
  }
});
