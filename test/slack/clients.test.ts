import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import manifest from '../../package.json' with { type: 'json' };
import { type PretendSlack, startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import { boltLogger, type Clients, createClients } from '../../src/slack/clients.ts';
import { classifySlackError } from '../../src/slack/slack-error.ts';
import { quietLogger, unwatchedClock } from '../sandbox/slack/quiet-client.ts';

let slack: PretendSlack;
let clients: Clients;

beforeEach(async () => {
  slack = await startPretendSlack();
  clients = createClients({ token: slack.botToken, apiUrl: slack.apiUrl, logger: quietLogger, clock: unwatchedClock });
});
afterEach(() => slack.close());

const post = () => clients.poster.chat.postMessage({ channel: 'C0OPS', text: 'hello' });
const lookUp = () => clients.reader.users.info({ user: 'U0ALICE' });

describe.each([
  ['posting', 'chat.postMessage', post],
  ['looking up', 'users.info', lookUp],
] as const)('%s', (_what, method, call) => {
  it.each([
    [7, 7_000],
    [null, 1_000],
  ])('is not repeated after a 429 with Retry-After %j, and returns the waiting time', async (seconds, waitMs) => {
    slack.fail(method, { kind: 'rate_limited', retryAfterSeconds: seconds });
    expect(await call().then(() => 'done', classifySlackError)).toEqual({
      kind: 'rate_limited',
      retryAfterMs: waitMs,
    });
    expect(slack.calls).toHaveLength(1);
  });

  it('notices that the token is no longer accepted, and that it is again', async () => {
    await call();
    expect(clients.tokenIsAccepted()).toBe(true);
    slack.revokeToken(true);
    await call().catch(() => {});
    expect(clients.tokenIsAccepted()).toBe(false);
    slack.revokeToken(false);
    await call();
    expect(clients.tokenIsAccepted()).toBe(true);
  });

  it('does not change the state of the token after a rate limit', async () => {
    slack.revokeToken(true);
    await call().catch(() => {});
    slack.fail(method, { kind: 'rate_limited', retryAfterSeconds: 1 });
    await call().catch(() => {});
    expect(clients.tokenIsAccepted()).toBe(false);
  });
});

it('a token that works again is noticed without posts and look-ups', async () => {
  slack.revokeToken(true);
  await post().catch(() => {});
  slack.revokeToken(false);
  expect(clients.tokenIsAccepted()).toBe(false);
  while (!clients.tokenIsAccepted()) await wait(5);
  expect(slack.calls.map(({ method }) => method)).toEqual(['chat.postMessage', 'auth.test']);
});

it('each response of Slack’s own gives its Date to the clock watch, and a proxy’s page does not', async () => {
  const dates: (string | null)[] = [];
  const clock = { begin: () => (date: string | null) => dates.push(date) };
  const watched = createClients({ token: slack.botToken, apiUrl: slack.apiUrl, logger: quietLogger, clock });
  slack.fail('users.info', { kind: 'http', status: 200, body: '<html>Sign in</html>' }, { times: 3 });
  await watched.reader.users.info({ user: 'U0ALICE' }).catch(() => {});
  expect(dates).toEqual([]);
  await watched.reader.users.info({ user: 'U0ALICE' });
  await watched.poster.chat.postMessage({ channel: 'C0OPS', text: 'hello' });
  await watched.poster.chat.postMessage({ channel: 'C0NOWHERE', text: 'hello' }).catch(() => {});
  expect(dates.map((date) => Math.abs(Date.now() - Date.parse(date ?? '')) < 60_000)).toEqual([true, true, true]);
});

it.each([
  '{}',
  '{"status":"up"}',
  '{"ok":"true"}',
  '{"ok":false}',
  '{"ok":false,"error":7}',
  '[]',
  'null',
  '',
  'not_in_channel',
])('%j is a proxy’s response, not Slack’s: the post counts as one of which nothing is known', async (body) => {
  slack.fail('chat.postMessage', { kind: 'http', status: 200, body, type: 'application/json' });
  expect(await post().then(() => 'done', classifySlackError)).toMatchObject({ kind: 'doubt' });
});

it('Bolt’s warnings and errors are logged as such, and nothing else of Bolt’s: its other lines contain whole payloads, or repeat what is logged once', () => {
  const logged: unknown[] = [];
  const to = (level: string) => (fields: object, message: string) => void logged.push([level, fields, message]);
  const logger = boltLogger({ info: to('info'), warn: to('warn'), error: to('error') });
  logger.debug('a payload');
  logger.info('Bolt is running');
  logger.warn('no reply', 3_000);
  logger.error('failed:', new Error('no network'));
  logger.warn('http request failed', 'ECONNRESET');
  logger.error('Failed to retrieve a new WSS URL (error: no network)');
  expect(logged).toEqual([
    ['warn', { from: 'bolt' }, 'no reply 3000'],
    ['error', { from: 'bolt' }, 'failed: Error: no network'],
  ]);
});

it('Slack’s user agent has the version, for every call', async () => {
  const agents: (string | undefined)[] = [];
  const server = createServer(({ headers }, response) => {
    agents.push(headers['user-agent']);
    response.setHeader('content-type', 'application/json').end('{"ok":true}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const apiUrl = `http://127.0.0.1:${port}/`;
  const { reader, poster } = createClients({ token: 'xoxb-a', apiUrl, logger: quietLogger, clock: unwatchedClock });
  await reader.auth.test();
  await poster.chat.postMessage({ channel: 'C0OPS', text: 'hello' });
  server.close();
  expect(agents).toEqual(Array(2).fill(expect.stringMatching(`(^| )campaign-wf/${manifest.version}( |$)`)));
});
