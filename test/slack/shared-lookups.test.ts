import { beforeEach, expect, it } from '@jest/globals';
import type { Observation } from '../../src/requests/events.ts';
import { createSharedLookUps } from '../../src/slack/answers/shared-lookups.ts';

const shown: Observation = { kind: 'not_shown' };

let time: number;
let underWay: number;
let most: number;
let looked: string[];
let finish: (() => void)[];
beforeEach(() => {
  time = 1;
  [underWay, most] = [0, 0];
  [looked, finish] = [[], []];
});

const looks = () =>
  createSharedLookUps(
    (organization) =>
      organization === 'gone'
        ? null
        : {
            async probe(id) {
              looked.push(`${organization} ${id}`);
              underWay += 1;
              most = Math.max(most, underWay);
              await new Promise<void>((resolve) => finish.push(resolve));
              underWay -= 1;
              if (id === 'BROKEN') throw new TypeError('an impossible ID');
              return shown;
            },
          },
    () => time,
  );

/** Lets every look end, also those that begin meanwhile. */
async function finishAll(): Promise<void> {
  for (let next = finish.shift(); next !== undefined; next = finish.shift()) {
    next();
    await new Promise(setImmediate);
  }
}

it('200 queries for the same workflow share one look-up, and a later query gets another', async () => {
  const of = looks();
  const asked = Promise.all(Array.from({ length: 200 }, () => of('acme')?.probe('WKF1')));
  await finishAll();
  expect(await asked).toEqual(Array.from({ length: 200 }, () => shown));
  await of('acme')?.probe('WKF1');
  expect(looked).toHaveLength(1);
  time += 2_001;
  const later = of('acme')?.probe('WKF1');
  await finishAll();
  await later;
  expect(looked).toHaveLength(2);
});

it('200 queries for different workflows are all answered, by eight look-ups at once in each organization', async () => {
  const of = looks();
  const ask = (organization: string) =>
    Array.from({ length: 200 }, (_, index) => of(organization)?.probe(`WKF${index}`));
  const asked = Promise.all([...ask('acme'), ...ask('stage')]);
  await finishAll();
  expect(await asked).toHaveLength(400);
  expect(looked).toHaveLength(400);
  expect(most).toBe(16);
});

it('a look-up that fails makes room for the next one, and is not shared', async () => {
  const of = looks();
  const broken = Array.from({ length: 3 }, () => Promise.allSettled([of('acme')?.probe('BROKEN')]));
  const others = Array.from({ length: 20 }, (_, index) => of('acme')?.probe(`WKF${index}`));
  await finishAll();
  expect((await Promise.all(broken)).flat().map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await Promise.all(others)).toHaveLength(20);
  expect(of('gone')).toBeNull();
});
