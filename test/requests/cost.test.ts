import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Request } from '../../src/requests/request.ts';
import { watchSqlite } from './ledger/executed-statements.ts';
import { openScene, type Scene } from './scene/scene.fixture.ts';

// What one request costs in the database. These numbers may only fall.

type Executed = { readonly text: string; readonly isEmptyClaim: boolean };
const executed: Executed[] = [];

const isClaim = (text: string) => text.startsWith('with due');
/** The runner's question when the next task is due, which the fixture asks as well. */
const isPoll = (text: string) => /^select due_at as at/.test(text);

let endWatch: () => void;
beforeEach(() => {
  endWatch = watchSqlite((text, _, result) =>
    executed.push({ text, isEmptyClaim: isClaim(text) && Array.isArray(result) && result.length === 0 }),
  );
});

afterEach(() => endWatch());

type Cost = { readonly transactions: number; readonly statements: number; readonly loads: number };

/** Beginning and end of a transaction do not count as statements. A claim that finds nothing is not the request's. */
async function costOf(work: () => Promise<void>): Promise<Cost> {
  executed.length = 0;
  await work();
  const own = executed.filter(({ text, isEmptyClaim }) => !isPoll(text) && !isEmptyClaim).map(({ text }) => text);
  const empty = executed.filter(({ isEmptyClaim }) => isEmptyClaim).length;
  return {
    transactions: own.filter((text) => text === 'commit').length - empty,
    statements: own.filter((text) => text !== 'begin' && text !== 'commit').length,
    loads: own.filter((text) => text.includes('from "events"')).length,
  };
}

/** Without the fixture's own waiting, which asks the ledger more often than the runner does. Cached loads cost nothing. */
async function until(scene: Scene, id: string, isReached: (request: Request) => boolean): Promise<void> {
  scene.wake();
  while (!isReached(await scene.request(id))) await setImmediate();
}

it('a pause without a confirmation, until its outcome is in the thread and its announcement shows it', async () => {
  await using scene = await openScene();
  await scene.untilIdle();
  const cost = await costOf(async () => {
    const id = await scene.submit({ verb: 'pause' });
    await until(scene, id, ({ outcomePost, shown }) => outcomePost.done !== null && shown?.state === 'accepted');
  });
  // One of them is for the reason, which is in a table of its own: SQLite cannot insert into two by one statement.
  // Another one looks for what was asked for later before it.
  expect(cost).toEqual({ transactions: 8, statements: 36, loads: 0 });
});

it('what Campaign shows afterwards', async () => {
  await using scene = await openScene();
  const id = await scene.submit({ verb: 'pause' });
  await until(scene, id, ({ outcomePost, shown }) => outcomePost.done !== null && shown?.state === 'accepted');
  scene.world.answers.observe.push({ kind: 'seen', reading: 'warning', field: 'logicalStatus', raw: 'warning' });
  scene.skipTime(2_000);
  const cost = await costOf(() =>
    until(scene, id, ({ followUpPost, shown }) => followUpPost.done && shown?.questionRevision === 1),
  );
  // Both the thread and the announcement show it.
  expect(cost).toEqual({ transactions: 4, statements: 14, loads: 0 });
});
