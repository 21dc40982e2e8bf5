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

it('what was due while time passed happens at once, in order, and once', () => {
  plan('third day', 3);
  plan('first day', 1);
  plan('fifth day', 5);
  clock.letPass(4 * day);
  expect(happened).toEqual(['first day', 'third day']);
  clock.letPass(4 * day);
  expect(happened).toEqual(['first day', 'third day', 'fifth day']);
});

it('what is forgotten does not happen, also when something else of that moment forgets it', () => {
  const forgetLater = plan('later', 2);
  clock.at(clock.now() + day, forgetLater);
  plan('never', 1)();
  clock.letPass(3 * day);
  expect(happened).toEqual([]);
});

it('what is nearly due when time has passed happens by itself', async () => {
  await new Promise<void>((resolve) => {
    clock.at(clock.now() + day, resolve);
    clock.letPass(day - 5);
  });
});

it('a month is longer than a timer of Node can wait, which is no trouble', () => {
  const module = JSON.stringify(new URL('../../../sandbox/campaign/pretend-clock.ts', import.meta.url));
  const script = `import { createPretendClock } from ${module}; createPretendClock().at(Date.now() + ${31 * day}, () => {});`;
  const options = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script];
  const { status, stderr } = spawnSync(process.execPath, options);
  expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' });
});
