import { renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { watchHealth } from '../../../src/requests/ledger/health.ts';
import { openLedger } from '../../../src/requests/ledger/open-ledger.ts';
import { openPostgres } from '../../../src/requests/ledger/postgres.ts';
import { openSqlite } from '../../../src/requests/ledger/sqlite.ts';
import {
  createLogSync,
  isUnwritten,
  NotSyncedError,
  sqliteProblem,
} from '../../../src/requests/ledger/sqlite-files.ts';
import { newDatabase } from '../../postgres/new-database.ts';
import { newLedgerPath } from '../scene/ledger-path.fixture.ts';
import { ledgerOptions, submission } from './ledger.fixture.ts';

it('a full disk is reported as such, although SQLite has already rolled back, and is transient', async () => {
  const engine = openSqlite(newLedgerPath(), Date.now);
  try {
    await sql`create table filler (text text)`.execute(engine.db);
    await sql`pragma max_page_count = 3`.execute(engine.db);
    const fill = () =>
      engine.db.transaction().execute((tx) => sql`insert into filler values (zeroblob(100000))`.execute(tx));
    const error = await fill().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ errcode: 13, message: 'database or disk is full' });
    expect(engine.isTransient(error)).toBe(true);
    await sql`pragma max_page_count = 1000`.execute(engine.db);
    await fill();
  } finally {
    await engine.close();
  }
});

it.each([
  [5, 'locked', true],
  [6, 'locked', true],
  [15, 'locked', true],
  [7, 'out_of_memory', true],
  [8, 'read_only', true],
  [1032, 'read_only', true],
  [10, 'io_error', false],
  [778, 'io_error', true],
  [1034, 'io_error', false],
  [11, 'corrupt', true],
  [13, 'disk_full', true],
  [14, 'cannot_open', true],
  [26, 'corrupt', true],
  [19, null, true],
])('SQLite’s result code %i is %s, and certainly not written: %s', (errcode, problem, unwritten) => {
  const error = Object.assign(new Error('as SQLite says'), { code: 'ERR_SQLITE_ERROR', errcode });
  expect(sqliteProblem(error)).toBe(problem);
  expect(isUnwritten(error)).toBe(unwritten);
});

it.each([
  ['53100', 'disk_full'],
  ['53200', 'out_of_memory'],
  ['25006', 'read_only'],
  ['40001', 'locked'],
  ['40P01', 'locked'],
  ['55P03', 'locked'],
  ['53300', 'unreachable'],
  ['57P01', 'unreachable'],
  ['08006', 'unreachable'],
  // A fault of campaign-wf is no problem of the database.
  ['23505', null],
  ['42P01', null],
])('PostgreSQL’s error %s is %s, and passes if it is any', async (code, problem) => {
  const engine = openPostgres({ url: await newDatabase(), now: Date.now, onBroken: () => {} });
  try {
    const raised = sql`do ${sql.raw(`$$ begin raise exception using errcode = '${code}'; end $$`)}`.execute(engine.db);
    const error = await raised.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect(engine.problemOf(error)).toBe(problem);
    expect(engine.isTransient(error)).toBe(problem !== null);
  } finally {
    await engine.close();
  }
});

function health() {
  const reported: (string | null)[] = [];
  const clock = { now: 0 };
  const watch = watchHealth({
    problemOf: sqliteProblem,
    onChange: (problem) => reported.push(problem),
    now: () => clock.now,
  });
  const fail = (errcode: number, isLast = false) => watch.failed(Object.assign(new Error(), { errcode }), isLast);
  return { ...watch, fail, reported, clock };
}

it('a problem is reported once when it starts and once when nothing has failed for a second', () => {
  const { fail, written, reported, clock } = health();
  fail(13);
  fail(13);
  written();
  clock.now += 1_000;
  written();
  written();
  expect(reported).toEqual(['disk_full', null]);
});

it('a lock is a problem only after a time-out', () => {
  const { fail, reported } = health();
  fail(5);
  expect(reported).toEqual([]);
  fail(5, true);
  expect(reported).toEqual(['locked']);
});

it('a damaged ledger stays reported, whatever succeeds afterwards', () => {
  const { fail, written, problem, reported, clock } = health();
  fail(11);
  fail(13);
  clock.now += 60_000;
  written();
  expect(problem()).toBe('corrupt');
  expect(reported).toEqual(['corrupt']);
});

it('a ledger that could not be written is not taken for a healthy one until a write succeeds, whatever is read', async () => {
  const path = newLedgerPath();
  const ledger = await openLedger(ledgerOptions({ kind: 'sqlite', path }));
  const other = new DatabaseSync(path, { timeout: 0 });
  const readOnly = (withinMs: number) => ledger.transaction((tx) => tx.load('A'), AbortSignal.timeout(withinMs));
  try {
    other.exec('begin immediate');
    while (ledger.problem() !== 'locked') {
      const submitted = ledger.submit(submission('A'), AbortSignal.timeout(200));
      await expect(submitted).rejects.toMatchObject({ name: 'LedgerUnavailableError' });
    }
    await expect(readOnly(1_000)).rejects.toMatchObject({ name: 'LedgerUnavailableError' });
    other.exec('rollback');
    while (ledger.problem() !== null) await readOnly(60_000);
  } finally {
    other.close();
    await ledger.close();
  }
});

it('a ledger whose file is gone is reported by the next look for due tasks, also where nothing is recorded', async () => {
  const path = newLedgerPath();
  const ledger = await openLedger(ledgerOptions({ kind: 'sqlite', path }));
  try {
    renameSync(path, `${path}.away`);
    const claiming = ledger.claim(1);
    for (let tries = 0; ledger.problem() === null && tries < 1_000; tries++) await setImmediate();
    expect(ledger.problem()).toBe('file_gone');
    renameSync(`${path}.away`, path);
    expect(await claiming).toEqual([]);
  } finally {
    await ledger.close();
  }
});

describe('commits to the log', () => {
  /** A disk whose syncs end when the test says so. */
  function disk() {
    const syncs: { readonly end: () => void; readonly fail: (cause: Error) => void }[] = [];
    const checkpoints: string[] = [];
    const log = createLogSync({
      sync() {
        const { promise, resolve: end, reject: fail } = Promise.withResolvers<void>();
        syncs.push({ end, fail });
        return promise;
      },
      checkpoint: () => checkpoints.push('checkpoint'),
    });
    const commit = () => {
      log.committed();
      return log.sync();
    };
    return { ...log, commit, syncs, checkpoints };
  }

  it('that come while the disk is busy share the next sync, and none is on the disk before the sync that began after it', async () => {
    const { commit, syncs } = disk();
    const onDisk: string[] = [];
    const first = commit().then(() => onDisk.push('first'));
    await setImmediate();
    const later = ['second', 'third'].map((name) => commit().then(() => onDisk.push(name)));
    await setImmediate();
    expect(syncs).toHaveLength(1);
    syncs[0]?.end();
    await first;
    await setImmediate();
    expect([onDisk, syncs.length]).toEqual([['first'], 2]);
    syncs[1]?.end();
    await Promise.all(later);
    expect([onDisk, syncs.length]).toEqual([['first', 'second', 'third'], 2]);
  });

  it('cost nothing more once they are on the disk', async () => {
    const { commit, sync, syncs } = disk();
    await sync();
    const committed = commit();
    await setImmediate();
    syncs[0]?.end();
    await committed;
    await sync();
    expect(syncs).toHaveLength(1);
  });

  it.each([
    ['EIO', 'io_error'],
    ['ENOSPC', 'disk_full'],
  ])('whose sync fails with %s are in doubt until a checkpoint has written them again: %s', async (code, problem) => {
    const { commit, sync, syncs, checkpoints } = disk();
    const failed = commit().catch((reason: unknown) => reason);
    await setImmediate();
    syncs[0]?.fail(Object.assign(new Error('as the system says'), { code }));
    const error = await failed;
    expect(error).toBeInstanceOf(NotSyncedError);
    expect([sqliteProblem(error), isUnwritten(error)]).toEqual([problem, false]);
    await sync();
    expect([checkpoints, syncs.length]).toEqual([['checkpoint'], 1]);
  });
});
