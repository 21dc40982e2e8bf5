import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { createRequestCache, type Engine } from './engine.ts';
import type { LedgerProblem } from './health.ts';
import { openPool } from './postgres-pool.ts';
import { prepareSchema } from './postgres-schema.ts';
import { isStalePlan, preparing } from './prepared-statements.ts';
import { NoResponseError } from './retry.ts';
import { statement } from './statement.ts';
import { logTables, type Schema } from './tables.ts';

/** How long a starting replica waits for another one that migrates the tables. */
const migrationTimeLimit = sql.lit('60s');

/** The first number of an advisory lock: the kind of thing that the second one identifies. The values are arbitrary. */
const lockKind = {
  workflow: sql.lit(0x77_66_01),
  migration: sql.lit(0x77_66_02),
  requester: sql.lit(0x77_66_03),
  log: sql.lit(0x77_66_04),
  watches: sql.lit(0x77_66_05),
};

export type PostgresOptions = {
  /** `postgres://…` */
  readonly url: string;
  /** Instead of the server's clock. */
  readonly now: (() => number) | null;
  /** Called when an idle connection is lost, with the server's or the system's message. */
  readonly onBroken: (reason: string) => void;
};

/** Connects at the first query. The clock is the server's. */
export function openPostgres({ url, now, onBroken }: PostgresOptions): Engine {
  const { pool, schema } = openPool(url, onBroken);
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: preparing(pool) }) });
  const clock = now === null ? serverClock() : { read: async () => now(), estimate: now };
  return {
    db,
    requestCache: createRequestCache(),
    isShared: true,
    now: clock.read,
    estimatedNow: clock.estimate,
    lockWorkflow,
    lockFreezes,
    lockRequester,
    lockWatches,
    schema,
    runExclusively: (work) => runExclusively(db, schema, work),
    lockLog,
    guardEvents,
    guardLog,
    isTransient: isTransientPostgresError,
    problemOf,
    isUnwritten: () => false,
    checkFiles() {},
    // The cache is checked with each load.
    committing() {},
    // The server syncs before it confirms a commit.
    async synced() {},
    async discardErased() {},
    probeWrite: tryWriting,
    close: () => db.destroy(),
  };
}

const readClock = statement<{ readonly now: number }>((db) =>
  sql<{ now: number }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.compile(db),
);

/** The server's clock, which all replicas use instead of their own. */
function serverClock() {
  let aheadMs = 0;
  return {
    async read(db: Kysely<Schema>): Promise<number> {
      const { rows } = await readClock(db, null, {});
      const now = rows[0]?.now ?? Number.NaN;
      aheadMs = now - Date.now();
      return now;
    },
    estimate: () => Date.now() + aheadMs,
  };
}

const lockOfWorkflow = statement((db, parameter) =>
  sql`select pg_advisory_xact_lock(${lockKind.workflow}, hashtext(workflow_key))
    from requests where id = ${parameter('request')}`.compile(db),
);

/** An exclusive lock on a workflow until the end of the transaction. SQLite needs none: its transactions run one after the other. */
async function lockWorkflow(tx: Transaction<Schema>, request: string): Promise<void> {
  await lockOfWorkflow(tx, null, { request });
}

const sharedLock = statement((db, parameter) =>
  sql`select pg_advisory_xact_lock_shared(${lockKind.workflow}, hashtext(${parameter('key')}))`.compile(db),
);

/** A shared lock for reading freezes. Writing a freeze takes the exclusive lock of the same key. */
async function lockFreezes(tx: Transaction<Schema>, key: string): Promise<void> {
  await sharedLock(tx, null, { key });
}

const lockOfPerson = statement((db, parameter) =>
  sql`select pg_advisory_xact_lock(${lockKind.requester}, hashtext(${parameter('person')}))`.compile(db),
);

async function lockRequester(tx: Transaction<Schema>, person: string): Promise<void> {
  await lockOfPerson(tx, null, { person });
}

async function lockWatches(tx: Transaction<Schema>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockKind.watches}, 0)`.execute(tx);
}

async function lockLog(tx: Kysely<Schema>, how: 'wait' | 'if_free'): Promise<boolean> {
  if (how === 'wait') {
    await sql`select pg_advisory_xact_lock(${lockKind.log}, 0)`.execute(tx);
    return true;
  }
  const { rows } = await sql<{ has: boolean }>`select pg_try_advisory_xact_lock(${lockKind.log}, 0) as has`.execute(tx);
  return rows[0]?.has === true;
}

function runExclusively<T>(
  db: Kysely<Schema>,
  schemaOf: () => string | null,
  work: (tx: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (tx) => {
    for (const limit of ['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout']) {
      await sql`set local ${sql.raw(limit)} = ${migrationTimeLimit}`.execute(tx);
    }
    await sql`select pg_advisory_xact_lock(${lockKind.migration}, 0)`.execute(tx);
    const schema = schemaOf();
    if (schema !== null) await prepareSchema(tx, schema);
    const result = await work(tx);
    await tryWriting(tx);
    return result;
  });
}

/**
 * Fails if the user is not permitted to write, or the server is read-only. Changes no row. A full disk is not detected:
 * it shows only when a table has to grow.
 */
async function tryWriting(tx: Transaction<Schema>): Promise<void> {
  const none = sql.raw('where false returning 1');
  await sql`with
    a as (insert into requests select * from requests ${none}), b as (update requests set state = state ${none}),
    c as (insert into tasks select * from tasks ${none}), d as (update tasks set task = task ${none}),
    e as (delete from tasks ${none}), f as (insert into events select * from events ${none}),
    g as (insert into pacing select * from pacing ${none}), h as (update pacing set channel = channel ${none}),
    i as (insert into notified select * from notified ${none}), j as (update notified set burst = burst ${none}),
    k as (insert into log_leaves select * from log_leaves ${none}),
    l as (insert into log_nodes select * from log_nodes ${none}),
    m as (insert into log_checkpoints select * from log_checkpoints ${none}),
    n as (insert into log_events select * from log_events ${none}),
    o as (insert into texts select * from texts ${none})
    select 1`.execute(tx);
}

async function guardEvents(db: Kysely<unknown>): Promise<void> {
  await sql`create function refuse_change_of_events() returns trigger language plpgsql
    as 'begin raise exception ''the ledger is append-only''; end'`.execute(db);
  await sql`create trigger events_no_change before update or delete or truncate on events
    for each statement execute function refuse_change_of_events()`.execute(db);
}

async function guardLog(db: Kysely<unknown>): Promise<void> {
  for (const table of logTables) {
    await sql`create trigger ${sql.raw(`${table}_no_change`)} before update or delete or truncate on ${sql.table(table)}
      for each statement execute function refuse_change_of_events()`.execute(db);
  }
}

/**
 * SQLSTATE (PostgreSQL documentation, appendix A), whole classes by their first two characters: connection exception,
 * insufficient resources, transaction rollback, lock not available, operator intervention (cancelled, shutting down or
 * starting), and a read-only transaction, as on a server that has just become a standby.
 */
const transientStates = /^(08|53|40|55P03$|57|25006$)/;

/** Node's error codes for a connection that fails or ends. */
const transientCodes =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/;

/** Errors of `pg` that have only a message. */
const transientMessages = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/i;

/** Whether a retry can succeed. */
export function isTransientPostgresError(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isTransientPostgresError);
  if (!Error.isError(error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (error instanceof pg.DatabaseError) return transientStates.test(code) || isStalePlan(error);
  return transientCodes.test(code) || transientMessages.test(error.message);
}

/** The user in the URL is not permitted to do this: SQLSTATE 42501. */
export function isInsufficientPrivilege(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '42501';
}

function problemOf(error: unknown): LedgerProblem | null {
  // A network that loses what is sent, or a server that hangs.
  if (error instanceof NoResponseError) return 'unreachable';
  if (!isTransientPostgresError(error)) return null;
  const code = error instanceof pg.DatabaseError ? (error.code ?? '') : '';
  if (code === '53100') return 'disk_full';
  if (code === '53200') return 'out_of_memory';
  if (code === '25006') return 'read_only';
  return /^(40|55P03$)/.test(code) ? 'locked' : 'unreachable';
}
