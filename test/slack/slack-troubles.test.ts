import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SlackFault } from '../../sandbox/slack/faults.ts';
import { type PretendSlack, startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import { noCause, type SlackCall, type SlackCallResult } from '../../src/slack/call-result.ts';
import { createClients } from '../../src/slack/clients.ts';
import { watchSlack } from '../../src/slack/slack-troubles.ts';
import { createTroubleLog } from '../../src/trouble-log.ts';
import { quietLogger, unwatchedClock } from '../sandbox/slack/quiet-client.ts';

type Line = { readonly level: string; readonly message: string } & Record<string, unknown>;

function watchLogged(now = { ms: 0 }) {
  const lines: Line[] = [];
  const write = (level: string) => (fields: object, message: string) => void lines.push({ level, message, ...fields });
  const troubles = createTroubleLog({ log: { info: write('info'), warn: write('warn') } });
  const watched = watchSlack(troubles, 'https://slack.com/api/', () => now.ms);
  const observe = (call: SlackCall) => {
    watched(call);
    troubles.flush();
  };
  const call = (method: string, result: SlackCallResult) =>
    observe({ method, result, durationMs: 1, retryAfterMs: result === 'rate_limited' ? 7_000 : null, cause: noCause });
  return { lines, observe, call, now, messages: () => lines.map(({ message }) => message) };
}

const [begins, ends] = ['Slack cannot be used', 'Slack can be used again'];

describe('trouble with Slack', () => {
  it('ends when a method that has failed works again', () => {
    const { call, messages } = watchLogged();
    for (const method of ['chat.postMessage', 'users.info', 'chat.postMessage', 'auth.test']) call(method, 'timeout');
    call('auth.test', 'ok');
    expect(messages()).toEqual([begins, ends]);
  });

  it('goes on while one method fails and others work, and is over where nothing needs that method for minutes', () => {
    const { call, messages, now } = watchLogged();
    for (let times = 0; times < 5; times += 1) {
      call('chat.postMessage', 'server_error');
      call('auth.test', 'ok');
      now.ms += 60_000;
    }
    expect(messages()).toEqual([begins]);
    now.ms += 360_001;
    call('auth.test', 'ok');
    expect(messages()).toEqual([begins, ends]);
  });

  it('with the token ends with any call that Slack carries out, and so does a refusal of something else', () => {
    const { call, lines, messages } = watchLogged();
    call('chat.postMessage', 'token_refused');
    call('users.info', 'ok');
    expect(messages()).toEqual([begins, ends]);
    expect(lines[0]).toMatchObject({
      service: 'Slack',
      host: 'slack.com',
      reason: 'token_refused',
      waitingHelps: false,
    });
    call('chat.postMessage', 'no_connection');
    call('chat.postMessage', 'refused');
    expect(messages()).toEqual([begins, ends, begins, ends]);
  });

  it('is apart from limits, which are logged for each method', () => {
    const { call, lines, messages } = watchLogged();
    for (const method of ['chat.update', 'chat.postMessage', 'chat.update']) call(method, 'rate_limited');
    call('users.info', 'ok');
    call('chat.update', 'ok');
    expect(messages()).toEqual([
      ...['Slack limits the calls of a method', 'Slack limits the calls of a method', 'Slack limits the calls no more'],
    ]);
    expect(lines[0]).toMatchObject({ method: 'chat.update', retryAfterMs: 7_000, status: 429 });
    expect(lines[2]).toMatchObject({ method: 'chat.update', failedCalls: 2 });
  });
});

describe('the result of a call', () => {
  let slack: PretendSlack;
  beforeEach(async () => {
    slack = await startPretendSlack();
  });
  afterEach(() => slack.close());

  const faults: readonly [string, SlackFault | null, Partial<SlackCall>][] = [
    ['ok', null, { result: 'ok' }],
    ['a 429', { kind: 'rate_limited', retryAfterSeconds: 7 }, { result: 'rate_limited', retryAfterMs: 7_000 }],
    ['a limit with status 200', { kind: 'error', error: 'ratelimited' }, { result: 'rate_limited' }],
    ['a 503', { kind: 'http', status: 503 }, { result: 'server_error', cause: cause(503) }],
    ['a failure with status 200', { kind: 'error', error: 'fatal_error' }, { result: 'server_error' }],
    ['a page', { kind: 'http', status: 200, body: '<html>' }, { result: 'not_slack', cause: cause(200) }],
    ['a lost connection', { kind: 'drop_before' }, { result: 'no_connection' }],
    [
      'a refusal',
      { kind: 'error', error: 'not_in_channel' },
      { result: 'refused', cause: cause(null, 'not_in_channel') },
    ],
    ['a token', { kind: 'error', error: 'token_revoked' }, { result: 'token_refused' }],
    ['a closed network', { kind: 'error', error: 'accesslimited' }, { result: 'closed' }],
    ['an unknown error', { kind: 'error', error: 'of_the_future' }, { result: 'closed' }],
  ];

  function cause(status: number | null, code: string | null = null) {
    return expect.objectContaining({ status, code }) as unknown as SlackCall['cause'];
  }

  it.each(faults)('is known: %s', async (_what, fault, expected) => {
    const calls: SlackCall[] = [];
    const { poster } = createClients({
      ...{ token: slack.botToken, apiUrl: slack.apiUrl, logger: quietLogger, clock: unwatchedClock },
      onCall: (call) => calls.push(call),
    });
    if (fault !== null) slack.fail('chat.postMessage', fault);
    await poster.chat.postMessage({ channel: 'C0OPS', text: 'hello' }).catch(() => {});
    expect(calls).toMatchObject([{ method: 'chat.postMessage', ...expected }]);
  });
});
