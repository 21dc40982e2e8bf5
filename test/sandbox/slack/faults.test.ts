import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { webApi } from '@slack/bolt';
import { type PretendSlack, type SlackFault, startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import { clientOf, refusalOf } from './quiet-client.ts';

let slack: PretendSlack;

beforeEach(async () => {
  slack = await startPretendSlack();
});
afterEach(() => slack.close());

const METHOD = 'chat.postMessage';
const post = () => clientOf(slack).chat.postMessage({ channel: 'C0OPS', text: 'hello' });
const posted = () => slack.workspace.messages.length;

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'no error',
    (error: unknown) => error,
  );
}

describe('faults that prevent the call', () => {
  it('answers with an error of Slack', async () => {
    slack.fail(METHOD, { kind: 'error', error: 'token_revoked' });
    expect((await refusalOf(post())).error).toBe('token_revoked');
    expect(posted()).toBe(0);
  });

  it('sends Retry-After with a rate limit', async () => {
    slack.fail(METHOD, { kind: 'rate_limited', retryAfterSeconds: 7 });
    const error = await failureOf(post());
    expect(error).toBeInstanceOf(webApi.WebAPIRateLimitedError);
    expect(error).toMatchObject({ retryAfter: 7 });
    expect(posted()).toBe(0);
  });

  it('omits Retry-After on request', async () => {
    slack.fail(METHOD, { kind: 'rate_limited', retryAfterSeconds: null });
    const answer = await fetch(`${slack.apiUrl}${METHOD}`, { method: 'POST' });
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBeNull();
  });

  it('refuses every call with a revoked token, until it is accepted again', async () => {
    slack.revokeToken(true);
    expect((await refusalOf(post())).error).toBe('token_revoked');
    expect((await refusalOf(clientOf(slack).auth.test())).error).toBe('token_revoked');
    slack.revokeToken(false);
    await post();
    expect(posted()).toBe(1);
  });

  it('answers with a bare HTTP status', async () => {
    slack.fail(METHOD, { kind: 'http', status: 503 });
    expect(await failureOf(post())).toMatchObject({ statusCode: 503 });
    expect(posted()).toBe(0);
  });

  it('closes the connection before the call is executed', async () => {
    slack.fail(METHOD, { kind: 'drop_before' });
    expect(await failureOf(post())).toBeInstanceOf(webApi.WebAPIRequestError);
    expect(posted()).toBe(0);
  });

  it('never responds', async () => {
    slack.fail(METHOD, { kind: 'hang' });
    const call = failureOf(post());
    await slack.waitFor(() => slack.calls.length === 1);
    await slack.close();
    expect(await call).toBeInstanceOf(webApi.WebAPIRequestError);
    expect(slack.calls).toMatchObject([{ method: METHOD, answer: null }]);
    slack = await startPretendSlack();
  });
});

describe('faults that execute the call', () => {
  it('closes the connection after the call is executed', async () => {
    slack.fail(METHOD, { kind: 'drop_after' });
    expect(await failureOf(post())).toBeInstanceOf(webApi.WebAPIRequestError);
    expect(posted()).toBe(1);
  });

  it('never responds after the call is executed', async () => {
    slack.fail(METHOD, { kind: 'hang_after' });
    const call = failureOf(post());
    await slack.waitFor(() => posted() === 1);
    await slack.close();
    expect(await call).toBeInstanceOf(webApi.WebAPIRequestError);
    slack = await startPretendSlack();
  });

  it('posts late, also when the caller has given up', async () => {
    slack.fail(METHOD, { kind: 'slow', ms: 30 });
    const caller = new AbortController();
    const call = fetch(`${slack.apiUrl}${METHOD}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${slack.botToken}` },
      body: new URLSearchParams({ channel: 'C0OPS', text: 'late' }),
      signal: caller.signal,
    });
    await slack.waitFor(() => slack.calls.length === 1);
    caller.abort();
    await expect(call).rejects.toThrow();
    expect(posted()).toBe(0);
    await slack.waitFor(({ messages }) => messages.find(({ text }) => text === 'late'));
  });
});

it('holds calls back until the test lets them go', async () => {
  const { promise: until, resolve: release } = Promise.withResolvers<void>();
  slack.fail(METHOD, { kind: 'held', until });
  const calls = [post(), post()];
  await slack.waitFor(() => slack.calls.length === 2);
  expect(posted()).toBe(0);
  release();
  for (const call of calls) expect((await call).ok).toBe(true);
  slack.clearFaults();
  slack.fail(METHOD, { kind: 'held', until: new Promise(() => {}) });
  const never = failureOf(post());
  await slack.waitFor(() => slack.calls.length === 3);
  await slack.close();
  expect(await never).toBeInstanceOf(webApi.WebAPIRequestError);
  slack = await startPretendSlack();
});

describe('how long faults last', () => {
  const error = (name: string): SlackFault => ({ kind: 'error', error: name });

  it('applies each fault as often as given, one after the other', async () => {
    slack.fail(METHOD, error('one'), { times: 2 });
    slack.fail(METHOD, error('two'), { times: 1 });
    const errors = [await refusalOf(post()), await refusalOf(post()), await refusalOf(post())];
    expect(errors.map((each) => each.error)).toEqual(['one', 'one', 'two']);
    expect((await post()).ok).toBe(true);
  });

  it('applies a fault until the faults are cleared, to its method only', async () => {
    slack.fail(METHOD, error('is_archived'));
    await refusalOf(post());
    expect((await clientOf(slack).auth.test()).ok).toBe(true);
    await refusalOf(post());
    slack.clearFaults();
    expect((await post()).ok).toBe(true);
  });
});

describe('changes', () => {
  it('are sent until the listener unsubscribes', async () => {
    let received = 0;
    const stop = slack.on('change', () => {
      received += 1;
    });
    slack.say({ user: 'U0BOB', channel: 'C0OPS', text: 'one' });
    stop();
    slack.say({ user: 'U0BOB', channel: 'C0OPS', text: 'two' });
    expect(received).toBe(1);
  });

  it('resolve a wait with its result', async () => {
    const waiting = slack.waitFor(({ messages }) => messages.find(({ text }) => text === 'two')?.text);
    slack.say({ user: 'U0BOB', channel: 'C0OPS', text: 'one' });
    slack.say({ user: 'U0BOB', channel: 'C0OPS', text: 'two' });
    expect(await waiting).toBe('two');
  });

  it('show the channels in the error of a wait that times out', async () => {
    slack.say({ user: 'U0BOB', channel: 'C0OPS', text: 'something else' });
    slack.workspace.mistakes.push('too long');
    const error = await failureOf(slack.waitFor(({ messages }) => messages[1], 1));
    expect(String(error)).toMatch(/within 1 ms.*#ops\n.*bob\n +something else\n\nMistake: too long/s);
  });
});

it('frees its port when it is closed', async () => {
  const port = Number(new URL(slack.apiUrl).port);
  await slack.close();
  slack = await startPretendSlack({ port });
  expect(new URL(slack.apiUrl).port).toBe(String(port));
});
