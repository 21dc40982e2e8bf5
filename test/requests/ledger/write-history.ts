import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { Database } from '../../../src/requests/ledger/open-ledger.ts';
import { usualSchema } from '../../../src/requests/ledger/postgres-schema.ts';

/** A request of which copies are made, and how many among a thousand. */
export type Sample = { readonly request: string; readonly often: number };

export type History = {
  /** Requests that the ledger has recorded, with all their events. */
  readonly samples: readonly Sample[];
  readonly count: number;
  /** The time of the newest request, in milliseconds since the epoch. */
  readonly until: number;
};

/** Those of a workflow grow with the history, except that what is open is about another workflow each. */
const workflows = 500;
const betweenRequestsMs = 20_000;

/**
 * Writes a long history into the tables of a ledger that no process has open. Each request is a copy of a sample with all
 * its events, and with the tasks that it waits with, which are due later. The digests are copied as well: they are right
 * only for the samples.
 */
export function writeHistory(database: Database, history: History): Promise<void> {
  return database.kind === 'sqlite'
    ? writeIntoSqlite(database.path, history)
    : writeIntoPostgres(database.url, history);
}

/** Indexes are removed before and created again afterwards, because that is faster. */
async function writeIntoSqlite(path: string, history: History): Promise<void> {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  // What a crash would leave does not matter.
  database.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -400000; begin');
  const removed = database
    .prepare(`select type, name, sql from sqlite_schema where sql is not null and type in ('index', 'trigger')`)
    .all();
  for (const { type, name } of removed) database.exec(`drop ${type} ${name}`);
  const series = `(with recursive series (n) as (select 1 union all select n + 1 from series where n < ${history.count})
    select n from series) as series`;
  for (const sql of [...setAside, ...copies(history, series)]) database.exec(sql);
  for (const { sql } of removed) database.exec(String(sql));
  database.exec('commit');
  database.close();
}

async function writeIntoPostgres(url: string, history: History): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`set search_path = ${usualSchema}; set maintenance_work_mem = '256MB'`);
    // Without triggers and foreign keys.
    await client.query('set session_replication_role = replica; begin');
    const { rows: indexes } = await client.query<{ name: string; sql: string }>(
      `select indexname as name, indexdef as sql from pg_indexes where schemaname = $1
        and not exists (select 1 from pg_constraint where conname = indexname)`,
      [usualSchema],
    );
    for (const { name } of indexes) await client.query(`drop index ${name}`);
    // The requests keep their key, to which the other tables refer.
    const { rows: keys } = await client.query<{ table: string; name: string; sql: string }>(
      `select conrelid::regclass as table, conname as name, pg_get_constraintdef(oid) as sql from pg_constraint
        where conrelid = 'events'::regclass and contype = 'p' or conrelid = 'requests'::regclass and contype = 'u'`,
    );
    for (const { table, name } of keys) await client.query(`alter table ${table} drop constraint ${name}`);
    for (const sql of setAside) await client.query(sql);
    // What is written into tables that were emptied in the same transaction needs no write-ahead log.
    await client.query(`truncate ${tables.join(', ')}`);
    for (const table of tables) await client.query(`insert into ${table} select * from old_${table}`);
    for (const sql of copies(history, `generate_series(1, ${history.count}::bigint) as series (n)`)) {
      await client.query(sql);
    }
    for (const { table, name, sql } of keys) await client.query(`alter table ${table} add constraint ${name} ${sql}`);
    for (const { sql } of indexes) await client.query(sql);
    await client.query('commit');
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}

const tables = ['requests', 'events', 'tasks', 'confirmations', 'texts'] as const;

/** Copies are made of these: SQLite would first put aside every row that it reads from the table that it writes to. */
const setAside = tables.map((table) => `create temporary table old_${table} as select * from ${table}`);

/** SQL that both databases understand. With `cross join`, SQLite copies one request after the other. */
function copies({ samples, count, until }: History, series: string): readonly string[] {
  const of = (table: (typeof tables)[number], key = 'request') =>
    `from copies cross join old_${table} as old where old.${key} = copies.sample`;
  return [
    'create temporary table samples (pick bigint primary key, request text)',
    `insert into samples values ${picks(samples)}`,
    `create temporary table copies as
      select n, ${spreadId(count)} as copy, samples.request as sample,
        ${until - count * betweenRequestsMs} + n * ${betweenRequestsMs} as time
      from ${series} cross join samples where pick = n % 1000`,
    `insert into events (request, sequence, at, type, data, previous_digest, digest)
      select copy, sequence, time + sequence * 1000, type, data, previous_digest, digest ${of('events')}`,
    `insert into requests (id, interaction, channel, workflow_key, organization, requester, verb, state, requested_at,
        holds, open_by, head_sequence, head_digest)
      select copy, 'copy-' || n, channel,
        case when open_by is null then 'acme/wkf' || n / 1000 % ${workflows} else 'acme/copy' || n end,
        organization, requester, verb, state, time, null, case when open_by is not null then 'U0COPY' || n end,
        head_sequence, head_digest ${of('requests', 'id')}`,
    `insert into tasks (request, task, due_at, lane, priority, rank, attempts, channel, post_by)
      select copy, task, ${until + 1_000 * betweenRequestsMs} + n, lane, priority, rank, attempts, channel, post_by
      ${of('tasks')}`,
    `insert into confirmations (person, request, channel, requested_at)
      select person, copy, channel, time ${of('confirmations')}`,
    `insert into texts (request, sequence, kind, text, salt)
      select copy, sequence, kind, text, salt ${of('texts')}`,
    ...['samples', 'copies', ...tables.map((table) => `old_${table}`)].map((table) => `drop table ${table}`),
  ];
}

/** Each number below a thousand, with the sample that it stands for. */
function picks(samples: readonly Sample[]): string {
  const requests = samples.flatMap(({ request, often }) => Array.from({ length: often }, () => request));
  return requests.map((request, pick) => `(${pick}, '${request}')`).join(', ');
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * SQL: the ID of copy number n. In order, because that is written fast; and spread over the whole range, so that what is
 * recorded afterwards falls between them, as among real ones.
 */
function spreadId(count: number): string {
  const characters = [32, 1_024, 32_768].map(
    (parts) => `substr('${alphabet}', cast(1 + n * ${parts} / ${count + 1} % 32 as integer), 1)`,
  );
  return `${characters.join(' || ')} || cast(${10_000_000} + n as text)`;
}
