import { expect, it } from '@jest/globals';
import { createTokenWatch } from '../../src/slack/clients.ts';

it('believes what Slack said last of the token', () => {
  const { onResponse, isAccepted } = createTokenWatch();
  const ask = async () => {};
  expect(isAccepted(ask)).toBe(true);
  for (const refusal of ['token_revoked', 'token_expired', 'invalid_auth', 'account_inactive', 'not_authed']) {
    onResponse(refusal);
    expect(isAccepted(ask)).toBe(false);
    onResponse('not_in_channel');
    expect(isAccepted(ask)).toBe(true);
  }
  onResponse('token_revoked');
  onResponse(null);
  expect(isAccepted(ask)).toBe(true);
});

it('asks again while the token is refused, every five seconds at the most, and bears that nobody answers', async () => {
  let now = 0;
  let asked = 0;
  const { onResponse, isAccepted } = createTokenWatch(() => now);
  const ask = async () => {
    asked += 1;
    throw new Error('nobody answers');
  };
  isAccepted(ask);
  expect(asked).toBe(0);
  onResponse('token_revoked');
  for (const [at, times] of [
    [0, 1],
    [4_999, 1],
    [5_000, 2],
    [60_000, 3],
  ] as const) {
    now = at;
    expect(isAccepted(ask)).toBe(false);
    expect(asked).toBe(times);
  }
});
