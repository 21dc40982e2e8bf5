import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Event } from '../../../src/requests/events.ts';
import { verify } from '../../../src/requests/ledger/integrity.ts';
import { LedgerNewerError } from '../../../src/requests/ledger/migrations.ts';
import { DatabaseRefusedError, openLedger, openToRead } from '../../../src/requests/ledger/open-ledger.ts';
import { logTables } from '../../../src/requests/ledger/tables.ts';
import { newDatabase } from '../../postgres/new-database.ts';
import { endedAs, noon, samples } from '../events.fixture.ts';
import { underWay } from '../request.fixture.ts';
import { engines, ledgerOptions, newLedger, storeRequest, submission } from './ledger.fixture.ts';

describe.each(engines)('a ledger (%s)', (engine) => {
  it('of a newer version is refused, and not changed', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'), ...underWay);
    const newer = "insert into kysely_migration (name, timestamp) values ('9999-of-tomorrow', '2099')";
    await opened.query(`${newer} returning name`);
    await expect(opened.reopen()).rejects.toThrow(LedgerNewerError);
    const done = await opened.query('select name from kysely_migration order by name');
    const ours = [
      '0001-first',
      '0002-heads',
      '0003-refusals',
      '0004-questions',
      '0005-lanes',
      '0006-pacing',
      '0007-notified',
      '0008-paced',
      '0009-log',
      '0010-texts',
      '0011-history',
      '0012-erasures',
      '0013-periods',
      '0014-log-posts',
      '0015-waiting',
      '0016-scheduled',
      '0017-updates',
      '0018-watches',
      '0019-reviews',
      '0020-asked-watches',
      '0021-muted-by-request',
    ];
    expect(done.map(({ name }) => name)).toEqual([...ours, '9999-of-tomorrow']);
    expect(await opened.query('select sequence from events')).toHaveLength(1 + underWay.length);
  });
});

const undoHistory = [
  'drop index if exists tasks_of_review',
  'drop index if exists questions_by_channel',
  'drop index if exists requests_by_time',
  'drop table if exists erasures',
  'drop table if exists log_posts',
  'drop table if exists watched',
  'drop table if exists watches',
  'drop table confirmations',
  'drop index refused_by_organization',
  'drop index others_by_organization',
  'drop index refused_by_requester',
  'drop index others_by_requester',
  'alter table requests drop column organization',
  'alter table requests drop column requester',
];

/** Earlier versions had no texts beside their events. */
const noText = { reason: '' };

/** Reverts the migrations since `0005-lanes`. */
const undoLanes = [
  ...undoHistory,
  ...logTables.map((table) => `drop table ${table}`),
  'drop index requests_unsealed',
  'alter table events drop column mac',
  'alter table requests drop column sealed_sequence',
  'drop table texts',
  'drop table notified',
  'drop table pacing',
  'drop index tasks_by_channel',
  'alter table tasks drop column channel',
  'alter table tasks drop column post_by',
  'drop index requests_open',
  'alter table requests drop column open_by',
  'drop index tasks_by_lane',
  'alter table tasks drop column lane',
  'alter table tasks drop column rank',
];

describe.each(engines)('a ledger without lanes (%s)', (engine) => {
  it('gets the open requests of each person, and keeps its due tasks', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A', { verb: 'start' }), ...underWay);
    await storeRequest(opened.ledger, submission('B', { workflowId: 'B' }), endedAs('refused'), samples.reported);
    for (const statement of [...undoLanes, "delete from kysely_migration where name >= '0005-lanes'"]) {
      await opened.query(statement);
    }
    const ledger = await opened.reopen();
    expect(await opened.query('select id, open_by from requests order by id')).toEqual([
      { id: 'A', open_by: 'U0ALICE' },
      { id: 'B', open_by: null },
    ]);
    expect(await ledger.claim(9)).toMatchObject([{ request: 'A', task: 'advance', lane: 'rest' }]);
  });
});

describe.each(engines)('a ledger without a history of persons (%s)', (engine) => {
  it('gets the requester and the organization of each request, and who else has confirmed it', async () => {
    await using opened = await newLedger(engine);
    const { announced, asked, confirmed } = samples;
    const approved: Event = { type: 'approved', data: { by: 'U0BOB', interaction: 'press-2' } };
    const question: Event = {
      type: 'granted',
      data: { rule: 'careful', approvers: { users: [], groups: ['S0LEADS'] }, expiresAt: noon, count: 2 },
    };
    await storeRequest(opened.ledger, submission('OWN', { verb: 'start' }), ...underWay);
    await storeRequest(opened.ledger, submission('BOTH'), question, announced, asked, confirmed, approved);
    const tables = ['select id, organization, requester from requests order by id', 'select * from confirmations'];
    const before = await Promise.all(tables.map((sql) => opened.query(sql)));
    expect(before[0]).toEqual(['BOTH', 'OWN'].map((id) => ({ id, organization: 'acme', requester: 'U0ALICE' })));
    expect(before[1]).toHaveLength(2);
    for (const sql of [...undoHistory, "delete from kysely_migration where name >= '0011-history'"]) {
      await opened.query(sql);
    }
    const ledger = await opened.reopen();
    const after = await Promise.all(tables.map((sql) => opened.query(sql)));
    expect(after.map((rows) => new Set(rows))).toEqual(before.map((rows) => new Set(rows)));
    while ((await ledger.seal()).kind === 'sealed');
    const verified = await Array.fromAsync(verify(openToRead(opened.database), null));
    expect(verified.map(({ problems }) => problems)).toEqual([[], []]);
  });
});

describe('a ledger of the first version', () => {
  it('is migrated with its contents', async () => {
    await using opened = await newLedger('sqlite');
    const request = await storeRequest(opened.ledger, submission('A', noText), ...underWay);
    await opened.ledger.close();
    const file = new DatabaseSync(opened.path);
    for (const statement of undoLanes) file.exec(statement);
    file.exec('alter table requests drop column head_sequence; alter table requests drop column head_digest');
    file.exec('create index requests_by_channel on requests (channel, requested_at)');
    file.exec('create index requests_by_workflow on requests (channel, workflow_key, requested_at)');
    file.exec('drop index open_by_workflow');
    for (const index of ['others_by_channel', 'others_by_workflow', 'refused_by_channel', 'refused_by_workflow']) {
      file.exec(`drop index ${index}`);
    }
    file.exec("delete from kysely_migration where name > '0001-first'");
    file.close();
    const ledger = await openLedger(ledgerOptions(opened.database));
    expect(await ledger.load('A')).toEqual(request);
    expect(await opened.query('select head_sequence, head_digest from requests')).toEqual([
      { head_sequence: request.sequence, head_digest: request.lastDigest },
    ]);
    await ledger.close();
  });
});

describe.each(engines)('a ledger in which questions locked their workflow (%s)', (engine) => {
  it('is rebuilt: questions are found, lock nothing and verify, and requests in progress keep their locks', async () => {
    await using opened = await newLedger(engine);
    const approvers = { users: [], groups: ['S0LEADS'] };
    const question: Event = { type: 'granted', data: { rule: 'careful', approvers, expiresAt: noon } };
    const { announced, asked } = samples;
    await storeRequest(opened.ledger, submission('GRANTED', noText), question);
    await storeRequest(
      opened.ledger,
      submission('ASKED', { ...noText, workflowId: 'WKF111' }),
      question,
      announced,
      asked,
    );
    await storeRequest(opened.ledger, submission('SENT', { ...noText, verb: 'pause' }), ...underWay);
    const old = [
      "update requests set holds = workflow_key || '!stop' where verb = 'stop' returning id",
      'drop index open_by_workflow',
      ...undoLanes,
      "delete from kysely_migration where name > '0003-refusals'",
    ];
    for (const sql of old) await opened.query(sql);
    const ledger = await opened.reopen();
    const rows = await opened.query('select id, holds from requests order by id');
    expect(rows).toEqual([
      { id: 'ASKED', holds: null },
      { id: 'GRANTED', holds: null },
      { id: 'SENT', holds: 'acme/wkf110' },
    ]);
    const open = await ledger.transaction((tx) => tx.openRequests('acme/wkf110'));
    expect(open.map(({ id }) => id).sort()).toEqual(['GRANTED', 'SENT']);
    const verified = await Array.fromAsync(verify(openToRead(opened.database), null));
    expect(verified.map(({ problems }) => problems)).toEqual([[], [], []]);
  });
});

describe('a PostgreSQL server', () => {
  it.each([
    ['does not have the database', { pathname: '/nowhere' }, /database "nowhere" does not exist/],
    ['refuses the password', { password: 'wrong' }, /password authentication failed/],
  ])('that %s is not retried', async (_what, wrong, why) => {
    const url = Object.assign(new URL(await newDatabase()), wrong).href;
    const opening = openLedger(ledgerOptions({ kind: 'postgres', url }));
    await expect(opening).rejects.toThrow(DatabaseRefusedError);
    await expect(opening).rejects.toThrow(why);
  });

  it('that is not available yet is retried until the caller aborts', async () => {
    const caller = new AbortController();
    const warnings: string[] = [];
    const database = { kind: 'postgres', url: 'postgres://nobody:secret@127.0.0.1:1/nowhere' } as const;
    const onTrouble = (reason: string, kind: string) => {
      warnings.push(`${kind}: ${reason}`);
      if (warnings.length === 2) caller.abort();
    };
    const opening = openLedger({ ...ledgerOptions(database), onTrouble, signal: caller.signal });
    await expect(opening).rejects.toThrow(/abort/);
    expect(warnings[0]).toMatch(/^unreachable_at_start: .*ECONNREFUSED/);
    expect(warnings.join()).not.toContain('secret');
  });

  it('that becomes unavailable during the check of the tables is retried', async () => {
    await using opened = await newLedger('postgres');
    const { database } = opened;
    if (database.kind !== 'postgres') throw new Error('it is no PostgreSQL');
    await using resources = new AsyncDisposableStack();
    const other = resources.adopt(new pg.Client({ connectionString: database.url }), (it) => it.end());
    await other.connect();
    await other.query('begin; lock table campaign_wf.kysely_migration in access exclusive mode');
    const gone = Promise.withResolvers<string>();
    const opening = openLedger({ ...ledgerOptions(database), onTrouble: gone.resolve });
    opening.catch(gone.reject);
    const end = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;
    while ((await waitingFor(other, 'campaign_wf.kysely_migration')) === 0) await wait(10);
    await other.query(end);
    expect(await gone.promise).toMatch(/terminat|connection error/);
    await other.query('commit');
    const ledger = await opening;
    expect(await ledger.nextDueAt()).toBeNull();
    await ledger.close();
  });
});

/** The number of connections that wait for a lock on the table. */
async function waitingFor(client: pg.Client, table: string): Promise<number> {
  const { rows } = await client.query('select from pg_locks where not granted and relation = $1::regclass', [table]);
  return rows.length;
}
