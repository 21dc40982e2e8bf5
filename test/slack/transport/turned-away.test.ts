import { expect, it } from '@jest/globals';
import { type TurnedAwayReason, watchTurnedAway } from '../../../src/slack/transport/turned-away.ts';

function watch() {
  const warned: object[] = [];
  const counted: TurnedAwayReason[] = [];
  let doubts = 0;
  let elapsedMs = 0;
  const turnedAway = watchTurnedAway({
    log: { info() {}, warn: (fields) => warned.push(fields), error() {} },
    count: (reason) => counted.push(reason),
    doubtClock: () => {
      doubts += 1;
    },
    clock: () => elapsedMs,
  });
  return {
    turnedAway,
    warned,
    counted,
    doubts: () => doubts,
    pass: (ms: number) => {
      elapsedMs += ms;
    },
  };
}

it('logs each reason once a minute with the number of requests, and counts all', () => {
  const { turnedAway, warned, counted, pass } = watch();
  for (let request = 0; request < 100; request++) turnedAway('no_signature', { from: '10.0.0.1' });
  turnedAway('wrong_path', { path: '/slack/event' });
  pass(59_999);
  turnedAway('no_signature', {});
  pass(1);
  turnedAway('no_signature', {});
  expect(counted).toHaveLength(103);
  expect(warned).toEqual([
    { reason: 'no_signature', requests: 1, from: '10.0.0.1' },
    { reason: 'wrong_path', requests: 1, path: '/slack/event' },
    { reason: 'no_signature', requests: 101 },
  ]);
});

it('only a signed request with another time puts the clock in doubt', () => {
  const { turnedAway, doubts } = watch();
  turnedAway('bad_signature', { ageSeconds: 360 });
  expect(doubts()).toBe(0);
  turnedAway('too_old', { ageSeconds: 360 });
  turnedAway('too_new', { ageSeconds: -360 });
  expect(doubts()).toBe(2);
});
