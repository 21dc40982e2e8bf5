import { expect, it } from '@jest/globals';
import { createTokenWatch } from '../../src/slack/clients.ts';

it('the last response of Slack decides whether the token is accepted', () => {
  const { onResponse, isAccepted } = createTokenWatch();
  const call = async () => {};
  expect(isAccepted(call)).toBe(true);
  for (const refusal of ['token_revoked', 'token_expired', 'invalid_auth', 'account_inactive', 'not_authed']) {
    onResponse(refusal);
    expect(isAccepted(call)).toBe(false);
    onResponse('not_in_channel');
    expect(isAccepted(call)).toBe(true);
  }
  onResponse('token_revoked');
  onResponse(null);
  expect(isAccepted(call)).toBe(true);
});

it('calls Slack while the token is refused, every five seconds at most, and ignores a failure', async () => {
  let now = 0;
  let calls = 0;
  const { onResponse, isAccepted } = createTokenWatch(() => now);
  const call = async () => {
    calls += 1;
    throw new Error('no answer');
  };
  isAccepted(call);
  expect(calls).toBe(0);
  onResponse('token_revoked');
  for (const [at, times] of [
    [0, 1],
    [4_999, 1],
    [5_000, 2],
    [60_000, 3],
  ] as const) {
    now = at;
    expect(isAccepted(call)).toBe(false);
    expect(calls).toBe(times);
  }
});
