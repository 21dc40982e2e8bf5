import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { webApi } from '@slack/bolt';
import { type PretendSlack, startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import { clientOf } from './quiet-client.ts';

let slack: PretendSlack;
let now = Date.now();

beforeEach(async () => {
  slack = await startPretendSlack({ now: () => now });
});
afterEach(() => slack.close());

/** The Retry-After of the response in seconds; 0 where the call was accepted. */
async function waitAfter(call: Promise<unknown>): Promise<number> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error === null) return 0;
  if (error instanceof webApi.WebAPIRateLimitedError) return error.retryAfter;
  throw error;
}

const post = (channel = 'C0OPS') => waitAfter(clientOf(slack).chat.postMessage({ channel, text: 'hello' }));

async function postAll(count: number): Promise<readonly number[]> {
  const waits: number[] = [];
  for (let sent = 0; sent < count; sent++) waits.push(await post());
  return waits;
}

describe('Slack’s rate limits', () => {
  it('apply only while they are turned on', async () => {
    expect(await postAll(20)).toEqual(Array(20).fill(0));
    slack.limitRates(true);
    expect(await postAll(5)).toContain(1);
    slack.limitRates(false);
    expect(await post()).toBe(0);
  });

  it('allow one message a second in a channel and a short burst, and post nothing beyond that', async () => {
    slack.limitRates(true);
    expect(await postAll(5)).toEqual([0, 0, 0, 1, 1]);
    expect(slack.workspace.messages).toHaveLength(3);
    now += 1_000;
    expect(await postAll(2)).toEqual([0, 1]);
    now += 60_000;
    expect(await postAll(5)).toEqual([0, 0, 0, 1, 1]);
  });

  it('are those of each channel and each method', async () => {
    slack.limitRates(true);
    await postAll(4);
    expect(await post('U0BOB')).toBe(0);
    const lookUp = () => waitAfter(clientOf(slack).usergroups.users.list({ usergroup: 'S0LEADS' }));
    for (let count = 0; count < 20; count++) expect(await lookUp()).toBe(0);
    expect(await lookUp()).toBe(3);
    now += 3_000;
    expect(await lookUp()).toBe(0);
  });

  it.each([
    ['users.list', 20, 20, 3],
    ['users.conversations', 50, 20, 2],
  ] as const)('of %s are those of its tier', async (method, perMinute, burst, retryAfterSeconds) => {
    slack.limitRates(true);
    const list = () => waitAfter(clientOf(slack).apiCall(method, {}));
    for (let count = 0; count < burst; count++) expect(await list()).toBe(0);
    expect(await list()).toBe(retryAfterSeconds);
    now += 60_000 / perMinute;
    expect([await list(), await list()]).toEqual([0, retryAfterSeconds]);
  });
});
