import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createPretendClock, type PretendClock } from '../../../sandbox/campaign/pretend-clock.ts';

const day = 24 * 60 * 60 * 1000;

let clock: PretendClock;
let fired: string[];
beforeEach(() => {
  clock = createPretendClock();
  fired = [];
});
afterEach(() => clock.close());

const schedule = (what: string, days: number) => clock.at(clock.now() + days * day, () => fired.push(what));

it('timers that became due run at once, in order, and once', () => {
  schedule('third day', 3);
  schedule('first day', 1);
  schedule('fifth day', 5);
  clock.letPass(4 * day);
  expect(fired).toEqual(['first day', 'third day']);
  clock.letPass(4 * day);
  expect(fired).toEqual(['first day', 'third day', 'fifth day']);
});

it('a cancelled timer does not run, also when another one of the same time cancels it', () => {
  const cancelLater = schedule('later', 2);
  clock.at(clock.now() + day, cancelLater);
  schedule('never', 1)();
  clock.letPass(3 * day);
  expect(fired).toEqual([]);
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
