import { beforeEach, expect, it } from '@jest/globals';
import type { Observation } from '../../src/requests/events.ts';
import { createSharedLookUps } from '../../src/slack/answers/shared-lookups.ts';

const shown: Observation = { kind: 'not_shown' };

let time: number;
let running: number;
let mostAtOnce: number;
let probes: string[];
let finish: (() => void)[];
beforeEach(() => {
  time = 1;
  [running, mostAtOnce] = [0, 0];
  [probes, finish] = [[], []];
});

const sharedLookUps = () =>
  createSharedLookUps(
    (organization) =>
      organization === 'gone'
        ? null
        : {
            async probe(id) {
              probes.push(`${organization} ${id}`);
              running += 1;
              mostAtOnce = Math.max(mostAtOnce, running);
              await new Promise<void>((resolve) => finish.push(resolve));
              running -= 1;
              if (id === 'BROKEN') throw new TypeError('an invalid ID');
              return shown;
            },
          },
    () => time,
  );

/** Finishes every probe, also those that start meanwhile. */
async function finishAll(): Promise<void> {
  for (let next = finish.shift(); next !== undefined; next = finish.shift()) {
    next();
    await new Promise(setImmediate);
  }
}

it('200 queries for the same workflow share one look-up, and a later query gets another', async () => {
  const of = sharedLookUps();
  const results = Promise.all(Array.from({ length: 200 }, () => of('acme')?.probe('WKF1')));
  await finishAll();
  expect(await results).toEqual(Array.from({ length: 200 }, () => shown));
  await of('acme')?.probe('WKF1');
  expect(probes).toHaveLength(1);
  time += 2_001;
  const later = of('acme')?.probe('WKF1');
  await finishAll();
  await later;
  expect(probes).toHaveLength(2);
});

it('lists share what was seen within 30 seconds, also by a query, and a query looks again', async () => {
  const of = sharedLookUps();
  const seen = async (of: Promise<Observation> | undefined) => {
    await finishAll();
    await of;
    return probes.length;
  };
  expect(await seen(of('acme')?.probe('WKF1'))).toBe(1);
  time += 29_000;
  expect(await seen(of('acme')?.glance('WKF1'))).toBe(1);
  expect(await seen(of('acme')?.probe('WKF1'))).toBe(2);
  time += 29_000;
  expect(await seen(of('acme')?.glance('WKF1'))).toBe(2);
  time += 1_001;
  const lists = Promise.all(Array.from({ length: 200 }, () => of('acme')?.glance('WKF1')));
  await finishAll();
  expect(await lists).toHaveLength(200);
  expect(probes).toHaveLength(3);
  // A command has just ended, so what was seen before may contradict it.
  time += 2_000;
  expect(await seen(of('acme')?.glance('WKF1', true))).toBe(3);
  time += 1;
  expect(await seen(of('acme')?.glance('WKF1', false))).toBe(3);
  expect(await seen(of('acme')?.glance('WKF1', true))).toBe(4);
});

it('lists leave room for people who ask for one workflow', async () => {
  const of = sharedLookUps();
  const lists = Array.from({ length: 40 }, (_, index) => of('acme')?.glance(`WKF${index}`));
  expect(running).toBe(5);
  const query = of('acme')?.probe('WKF99');
  expect(probes.at(-1)).toBe('acme WKF99');
  await finishAll();
  await query;
  expect(await Promise.all(lists)).toHaveLength(40);
  expect(mostAtOnce).toBeLessThanOrEqual(8);
});

it('200 queries for different workflows are all answered, by eight look-ups at once in each organization', async () => {
  const of = sharedLookUps();
  const ask = (organization: string) =>
    Array.from({ length: 200 }, (_, index) => of(organization)?.probe(`WKF${index}`));
  const results = Promise.all([...ask('acme'), ...ask('stage')]);
  await finishAll();
  expect(await results).toHaveLength(400);
  expect(probes).toHaveLength(400);
  expect(mostAtOnce).toBe(16);
});

it('a failed look-up frees its slot, and is not shared', async () => {
  const of = sharedLookUps();
  const broken = Array.from({ length: 3 }, () => Promise.allSettled([of('acme')?.probe('BROKEN')]));
  const others = Array.from({ length: 20 }, (_, index) => of('acme')?.probe(`WKF${index}`));
  await finishAll();
  expect((await Promise.all(broken)).flat().map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await Promise.all(others)).toHaveLength(20);
  expect(of('gone')).toBeNull();
});
