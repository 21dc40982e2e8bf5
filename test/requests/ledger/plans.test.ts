import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Engine } from '../../../src/requests/ledger/engine.ts';
import { type Database, openToRead } from '../../../src/requests/ledger/open-ledger.ts';
import { requestsOf } from '../../../src/requests/ledger/period.ts';
import { updates } from '../../../src/requests/priority.ts';
import { recordRefusedQuery } from '../../../src/requests/refuse-reading.ts';
import { newDatabase, onServer } from '../../postgres/new-database.ts';
import { noon } from '../events.fixture.ts';
import { newLedgerPath } from '../scene/ledger-path.fixture.ts';
import { minutes, neverAborted, openScene, type Scene } from '../scene/scene.fixture.ts';
import { newWorld } from '../scene/world.fixture.ts';
import { type Executed, watchStatements } from './executed-statements.ts';
import { type EngineName, engines, submission } from './ledger.fixture.ts';
import { type Sample, writeHistory } from './write-history.ts';

// What people wait for costs the same, however long the history is: each statement finds its few rows by an index.

/** So many rows that PostgreSQL uses an index wherever it has one. */
const count = 20_000;
const tables = ['requests', 'events', 'tasks', 'pacing', 'notified', 'confirmations', 'texts'];
/** More than one request, its workflow, and the tasks that are due have; far less than any table. */
const mostRows = 100;

/** How a statement reads a table. `index` is null where it reads all of it. `rows`: how many it reads, where that is known. */
type Read = {
  readonly table: string;
  readonly index: string | null;
  readonly rows: number | null;
  readonly sql: string;
};

type Planner = { readsOf(executed: Executed): Promise<readonly Read[]>; close(): Promise<void> };

describe.each(engines)('%s, with a long history', (engine) => {
  let executed: readonly Executed[];
  let reads: readonly Read[];

  beforeAll(async () => {
    const database = await newDatabaseOf(engine);
    await fill(database);
    {
      using watch = watchStatements();
      await using scene = await openScene({ database, path: '', world: { ...newWorld(), now: noon + 10 * minutes } });
      const reader = openToRead(database);
      await reader.now(reader.db);
      // Nobody waits for the start, nor for what became due before it.
      await scene.untilIdle();
      await scene.ledger.seal();
      watch.take();
      await everythingPeopleWaitFor(scene);
      await readPeriod(reader);
      await reader.close();
      executed = watch.take();
    }
    reads = await readsOf(database, executed);
  });

  it('executes the statements of the runner and of the answers', () => {
    const kinds = [
      /^with due as/,
      /^select due_at as at/,
      /^insert into "events"/,
      /^update "requests"/,
      /state = 'awaiting_approval' and "channel" = /,
      /"requested_at" desc/,
      /\(requested_at, id\) > /,
    ];
    for (const kind of kinds) expect(executed.filter(({ sql }) => kind.test(sql.trim()))).not.toEqual([]);
    for (const table of tables) expect(executed.filter(({ sql }) => sql.includes(table))).not.toEqual([]);
    const read = new Set(reads.map(({ table }) => table));
    expect(read.has('log_checkpoints')).toBe(engine === 'postgres');
    read.delete('log_checkpoints');
    expect(read).toEqual(new Set(tables).difference(new Set(['notified'])));
  });

  it('finds the rows of each statement by an index', () => {
    expect(reads.filter(({ index }) => index === null)).toEqual([]);
  });

  it('reads few rows for each statement', () => {
    expect(reads.filter(({ rows }) => rows !== null && rows > mostRows)).toEqual([]);
    // SQLite does not count them. An index of which only the lane is given leads to all its tasks.
    const wholeLanes = Map.groupBy(
      reads.filter(({ index }) => index === 'tasks_by_lane (lane=?)'),
      ({ sql }) => sql,
    );
    for (const [sql, ofLane] of wholeLanes) expect(sql.match(/order by due_at limit 1\b/g)).toHaveLength(ofLane.length);
  });
});

describe.each(engines)('%s, while very many updates wait', (engine) => {
  it('reads few rows to claim, and to find what is due next', async () => {
    const database = await newDatabaseOf(engine);
    using watch = watchStatements();
    {
      await using scene = await openScene({ database, path: '' });
      await execute(database, [
        // Their requests are not read.
        `${engine === 'sqlite' ? 'pragma foreign_keys = off' : 'set session_replication_role = replica'};
          insert into tasks (request, task, due_at, attempts, lane, priority, rank, channel, post_by)
          ${numbered(`'R' || n, 'show', n % 10, 0, 'updates', 21, 0, '${updates}', ${noon} + n`)}`,
        `insert into pacing values ('${updates}', ${noon + 10 * minutes}, 0, ${noon + 20 * minutes})`,
        // As the server does it by itself once so many rows are new.
        'analyze',
      ]);
      watch.take();
      expect(await scene.ledger.claim(9)).toEqual([]);
      expect(await scene.ledger.nextDueAt()).toBe(noon + 10 * minutes);
    }
    const executed = watch.take().filter(({ sql }) => /^with due as|^select due_at as at/.test(sql.trim()));
    expect(executed).toHaveLength(2);
    const reads = (await readsOf(database, executed)).filter(({ table }) => table === 'tasks');
    expect(reads.filter(({ index }) => index === null)).toEqual([]);
    expect(reads.filter(({ rows }) => rows !== null && rows > mostRows)).toEqual([]);
  });
});

async function newDatabaseOf(engine: EngineName): Promise<Database> {
  return engine === 'sqlite'
    ? { kind: 'sqlite', path: newLedgerPath() }
    : { kind: 'postgres', url: await newDatabase() };
}

async function fill(database: Database): Promise<void> {
  const samples: Sample[] = [];
  {
    await using scene = await openScene({ database, path: '' });
    const start = await scene.submit({ verb: 'start' });
    const refused = await scene.submit({ verb: 'start' }, 'U0EVE');
    await scene.advanceTime(minutes);
    const stop = await scene.submit({ verb: 'stop' });
    await scene.untilIdle();
    await scene.press(stop, 'U0CAROL');
    await scene.advanceTime(minutes);
    const question = await scene.submit({ verb: 'stop', workflowId: 'WKF111' });
    await scene.untilIdle();
    await scene.ledger.seal();
    const often = { [start]: 100, [refused]: 600, [stop]: 100, [question]: 200 };
    samples.push(...Object.entries(often).map(([request, often]) => ({ request, often })));
  }
  await writeHistory(database, { samples, count, until: noon - minutes });
  await execute(database, [
    `insert into pacing (channel, free_at, edits_free_at, paced_until) ${numbered("'C' || n, 0, 0, n")}`,
    `insert into notified (burst, request, since, last_at) ${numbered("'burst ' || n, 'none', n, n")}`,
    `insert into log_checkpoints (size, at, root, note) ${numbered('n + 100, 0, root, note', 'log_checkpoints, numbers where size = 1')}`,
    'analyze',
  ]);
}

function numbered(columns: string, from = 'numbers'): string {
  return `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${count})
    select ${columns} from ${from}`;
}

async function execute(database: Database, statements: readonly string[]): Promise<void> {
  if (database.kind === 'postgres') {
    for (const sql of statements) await onServer(inSchema(database.url), sql);
    return;
  }
  const other = new DatabaseSync(database.path);
  // SQLite’s own statistics would not be there either.
  for (const sql of statements.filter((one) => one !== 'analyze')) other.exec(sql);
  other.close();
}

function inSchema(url: string): string {
  return `${url}?options=-c%20search_path%3Dcampaign_wf`;
}

/** Each kind of command and press, with what the runner does for it, and the answers to those who ask. */
async function everythingPeopleWaitFor(scene: Scene): Promise<void> {
  const { ledger, world } = scene;
  // What each replica asks twice a second while nothing happens.
  if (ledger.isShared) expect(await ledger.seal()).toEqual({ kind: 'nothing' });
  const stop = await scene.submit({ verb: 'stop' });
  await scene.untilIdle();
  await scene.press(stop, 'U0EVE');
  await scene.untilIdle();
  await scene.press(stop, 'U0CAROL');
  await scene.advanceTime(minutes);
  const cancelled = await scene.submit({ verb: 'stop', workflowId: 'WKF111' });
  await scene.untilIdle();
  await scene.press(cancelled, 'U0CAROL', 'cancel');
  await scene.submit({ verb: 'start' }, 'U0EVE');
  await scene.submit({ verb: 'freeze', workflowId: '*', until: noon + 100 * minutes });
  await scene.untilIdle();
  await scene.submit({ verb: 'start' });
  await scene.submit({ verb: 'unfreeze', workflowId: '*' });
  await scene.untilIdle();
  world.answers.announce.push({ kind: 'rate_limited', retryAfterMs: 2_000 });
  world.answers.updateAnnouncement.push({ kind: 'rate_limited', retryAfterMs: 2_000 });
  world.answers.send.push({
    kind: 'unknown',
    reason: 'timeout',
    answer: { status: null, text: null, adobeRequestId: null },
  });
  for (const verb of ['start', 'pause', 'resume'] as const) await scene.submit({ verb, workflowId: `WKF-${verb}` });
  await scene.advanceTime(minutes);
  await ledger.submitWithin(20, submission('WITHIN'), neverAborted);
  await ledger.submitWithin(20, submission('WITHIN'), neverAborted);
  await recordRefusedQuery(ledger, submission('QUERY'), { reason: 'not_permitted' }, neverAborted);
  await ledger.competingRequests({ organization: 'acme', workflowId: 'WKF110' });
  await ledger.commandsTo('acme/wkf110');
  await ledger.lastFreeze('acme');
  await ledger.isPaced('C0OPS');
  for (const person of ['U0ALICE', 'U0CAROL', 'U0NOBODY']) await ledger.waiting(person, new Set(['C0OPS']));
  await ledger.unreviewed();
  const after = await scene.request(stop);
  const some = [
    {},
    { workflowKey: 'acme/wkf110' },
    ...['U0ALICE', 'U0CAROL', 'U0EVE', 'U0NOBODY'].map((person) => ({ person })),
  ];
  for (const which of [...some, { organization: 'acme' }, { organization: 'acme-stage' }])
    for (const refused of [true, false])
      for (const more of [{}, { after }])
        await ledger.recent({ channel: 'C0OPS', workflowKey: null, refused, limit: 10, ...which, ...more });
  await scene.untilIdle();
}

/** What an auditor exports: a few minutes of all the time. */
async function readPeriod({ db }: Engine): Promise<void> {
  const pages = await Array.fromAsync(requestsOf(db, { from: noon - 30 * minutes, to: noon - 28 * minutes }));
  expect(pages.flat()).toHaveLength(6);
}

async function readsOf(database: Database, executed: readonly Executed[]): Promise<readonly Read[]> {
  const planner = await plannerOf(database);
  const reads: Read[] = [];
  for (const one of executed) reads.push(...(await planner.readsOf(one)));
  await planner.close();
  return reads;
}

function plannerOf(database: Database): Promise<Planner> {
  return database.kind === 'sqlite' ? sqlitePlanner(database.path) : postgresPlanner(database.url);
}

async function sqlitePlanner(path: string): Promise<Planner> {
  const database = new DatabaseSync(path);
  return {
    async readsOf({ sql, values }) {
      const steps = database.prepare(`explain query plan ${sql}`).all(...(values as SQLInputValue[]));
      return steps.flatMap(({ detail }) => {
        const [, table = '', how = ''] = /^(?:SCAN|SEARCH) (\w+)(.*)/.exec(String(detail)) ?? [];
        if (!tables.includes(table)) return [];
        const [, index = null] = /USING (?:COVERING )?INDEX (.+)/.exec(how) ?? [];
        return [{ table, index: String(detail).startsWith('SEARCH') ? index : null, rows: null, sql }];
      });
    },
    async close() {
      database.close();
    },
  };
}

/** A node of `explain (analyze, format json)`. The numbers of rows are those of one loop. */
type PlanNode = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
};

/** So often the server plans a prepared statement for the values at hand, before it may keep one plan for any values. */
const customPlans = 5;

async function postgresPlanner(url: string): Promise<Planner> {
  const client = new pg.Client({ connectionString: inSchema(url) });
  await client.connect();
  return {
    /** By the plan for these values, and by the one on which the server settles. */
    async readsOf({ sql, values }) {
      // What is inserted is there already, so an insert is not executed again.
      const options = /^\s*(insert|with "beside")/.test(sql) ? 'format json' : 'analyze, format json';
      const literals = values.map((value) => (value === null ? 'null' : client.escapeLiteral(String(value))));
      const execution = `execute executed${literals.length > 0 ? `(${literals})` : ''}`;
      const reads: Read[] = [];
      await client.query(`prepare executed as ${sql}`);
      for (let count = 0; count <= customPlans; count++) {
        await client.query('begin');
        const { rows } = await client.query(`explain (${options}) ${execution}`);
        await client.query('rollback');
        const [{ Plan }] = rows[0]['QUERY PLAN'];
        if (count === 0 || count === customPlans) reads.push(...readsIn(Plan, sql));
      }
      await client.query('deallocate executed');
      return reads;
    },
    close: () => client.end(),
  };
}

function readsIn(node: PlanNode, sql: string): readonly Read[] {
  const { 'Node Type': type, 'Relation Name': table, 'Index Name': index = null, Plans = [] } = node;
  const below = Plans.flatMap((plan) => readsIn(plan, sql));
  // The indexes of a bitmap are in the nodes below. An insert reads by the index of its conflict, if at all.
  if (table === undefined || type === 'ModifyTable') return below;
  const bitmap = type === 'Bitmap Heap Scan' ? indexesBelow(node).join(', ') : null;
  const { 'Actual Rows': found, 'Actual Loops': loops = 1, 'Rows Removed by Filter': removed = 0 } = node;
  // It was not executed.
  if (loops === 0) return below;
  const rows = found === undefined ? null : (found + removed) * loops;
  return [...below, { table, index: index ?? bitmap, rows, sql }];
}

function indexesBelow({ Plans = [] }: PlanNode): readonly string[] {
  return Plans.flatMap((plan) => [
    ...(plan['Index Name'] === undefined ? [] : [plan['Index Name']]),
    ...indexesBelow(plan),
  ]);
}
