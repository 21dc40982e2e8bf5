import { describe, expect, it } from '@jest/globals';
import { aheadMs, createClockWatch } from '../../src/slack/clock-watch.ts';

describe('the certain offset of the clock', () => {
  it.each([
    // sent, received, Slack's Date, ahead
    [10_000, 10_200, 10_000, 0],
    // Date leaves out up to a second.
    [10_999, 11_100, 10_000, 0],
    [11_000, 11_100, 10_000, 0],
    [371_000, 371_200, 10_000, 360_000],
    [10_000, 10_200, 370_000, -359_800],
    // A slow answer says nothing about the clock.
    [10_000, 70_000, 40_000, 0],
    [10_000, 70_000, 10_000, 0],
    [10_000, 70_000, 70_000, 0],
  ])('sent at %d, received at %d, Date of Slack %d: %d', (sentAt, receivedAt, slackMs, ahead) => {
    expect(aheadMs(sentAt, receivedAt, slackMs)).toBe(ahead);
  });
});

/** A watch of this machine’s clock. Slack’s time is always 1,000,000,000. */
function watch() {
  const lines: string[] = [];
  const line = (level: string) => (fields: object, message: string) => {
    lines.push(`${level} ${JSON.stringify(fields)} ${message.split(':')[0]}`);
  };
  const log = { info: line('info'), warn: line('warn'), error: line('error') };
  let localMs = 1_000_000_000;
  let elapsedMs = 0;
  const clock = createClockWatch({ log, now: () => localMs, monotonic: () => elapsedMs });
  return {
    clock,
    lines,
    /** Slack responds while this machine’s clock is ahead by this. */
    answer(secondsAhead: number) {
      localMs = 1_000_000_000 + secondsAhead * 1_000;
      clock.begin()(new Date(1_000_000_000).toUTCString());
      return clock.offset();
    },
    pass(ms: number) {
      elapsedMs += ms;
    },
  };
}

it('logs a wrong clock once as a warning, once as an error when Slack’s requests are about to be refused, and its end once', () => {
  const { answer, lines } = watch();
  expect([0, 20, -29].map(answer)).toEqual([null, null, null]);
  expect(answer(-60)).toEqual({ seconds: 60, direction: 'behind' });
  answer(-61);
  expect(answer(361)).toEqual({ seconds: 360, direction: 'ahead' });
  answer(300);
  expect(answer(0)).toBeNull();
  answer(1);
  expect(lines).toEqual([
    'warn {"seconds":60,"direction":"behind"} this machine’s clock is behind Slack’s',
    'error {"seconds":360,"direction":"ahead"} this machine’s clock is ahead of Slack’s',
    'info {} this machine’s clock agrees with Slack’s again',
  ]);
});

it.each([
  [29.999, null],
  [30, 'warn'],
  [239.999, 'warn'],
  [240, 'error'],
])('%d seconds are logged as %s', (seconds, level) => {
  const { answer, lines } = watch();
  answer(-seconds);
  expect(lines.map((line) => line.split(' ')[0])).toEqual(level === null ? [] : [level]);
});

it.each([
  [60, 20, false],
  [60, 19.999, true],
  [300, 230, false],
  [300, 229.999, true],
])('after %d seconds, %d are a smaller offset: %s', (before, seconds, isSmaller) => {
  const { answer, lines } = watch();
  answer(-before);
  answer(-seconds);
  expect(lines).toHaveLength(isSmaller ? 2 : 1);
});

it('an offset that oscillates around a limit is logged once', () => {
  const { answer, lines } = watch();
  for (let time = 0; time < 5; time++) for (const seconds of [-31, -29]) answer(seconds);
  expect(lines).toHaveLength(1);
  for (let time = 0; time < 5; time++) for (const seconds of [-241, -239]) answer(seconds);
  expect(lines).toHaveLength(2);
});

it.each([null, '', 'yesterday'])('a response whose Date is %j changes nothing', (date) => {
  const { clock, answer } = watch();
  answer(100);
  clock.begin()(date);
  expect(clock.offset()).toEqual({ seconds: 99, direction: 'ahead' });
});

it('calls Slack once a minute at most, and ignores a failure', () => {
  const { clock, pass } = watch();
  let calls = 0;
  const call = async () => {
    calls += 1;
    throw new Error('Slack is unavailable');
  };
  for (const ms of [0, 1, 59_998]) {
    pass(ms);
    clock.check(call);
  }
  expect(calls).toBe(1);
  pass(1);
  clock.check(call);
  expect(calls).toBe(2);
});
