import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createPretendClock, type PretendClock } from '../../../sandbox/campaign/pretend-clock.ts';

const day = 24 * 60 * 60 * 1000;

let clock: PretendClock;
let happened: string[];
beforeEach(() => {
  clock = createPretendClock();
  happened = [];
});
afterEach(() => clock.close());

const plan = (what: string, days: number) => clock.at(clock.now() + days * day, () => happened.push(what));

it('timers that became due run at once, in order, and once', () => {
  plan('third day', 3);
  plan('first day', 1);
  plan('fifth day', 5);
  clock.letPass(4 * day);
  expect(happened).toEqual(['first day', 'third day']);
  clock.letPass(4 * day);
  expect(happened).toEqual(['first day', 'third day', 'fifth day']);
});

it('a cancelled timer does not run, also when another one of the same time cancels it', () => {
  const forgetLater = plan('later', 2);
  clock.at(clock.now() + day, forgetLater);
  plan('never', 1)();
  clock.letPass(3 * day);
  expect(happened).toEqual([]);
});

it('a timer that is nearly due after a move runs in real time', async () => {
  await new Promise<void>((resolve) => {
    clock.at(clock.now() + day, resolve);
    clock.letPass(day - 5);
  });
});

it('a month, longer than Node’s timers, works', () => {
  const module = JSON.stringify(new URL('../../../sandbox/campaign/pretend-clock.ts', import.meta.url));
  const script = `import { createPretendClock } from ${module}; createPretendClock().at(Date.now() + ${31 * day}, () => {});`;
  const options = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script];
  const { status, stderr } = spawnSync(process.execPath, options);
  expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' });
});
