import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import type { Engine } from './engine.ts';
import type { LedgerProblem } from './health.ts';
import { createRequestCache } from './load.ts';
import { findSchema, prepareSchema, schemaIn } from './postgres-schema.ts';
import type { Schema } from './tables.ts';

/**
 * No replica may hold up the others: what does not answer, waits for a lock or has fallen asleep inside a
 * transaction is cut off, by the server itself. Milliseconds.
 */
const limits = {
  connectionTimeoutMillis: 2_000,
  statement_timeout: 5_000,
  lock_timeout: 2_000,
  idle_in_transaction_session_timeout: 10_000,
};

/** How long a replica that starts waits for another one that brings the tables up to date. */
const migrationPatience = sql.lit('60s');

/** The first of the two numbers of an advisory lock: what the second one names. Any two that differ. */
const lockOn = { workflow: 0x77_66_01, migration: 0x77_66_02, requester: 0x77_66_03 } as const;

/** A `bigint` of ours is a time in milliseconds, which a number holds exactly. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

export type PostgresOptions = {
  /** `postgres://…` */
  readonly url: string;
  /** Instead of the server's clock. */
  readonly now: (() => number) | null;
  /** A connection that nobody was using broke; why, in the words of the server or of the system. */
  readonly onBroken: (reason: string) => void;
};

/** Connects when it is first asked something. The clock is the server's. */
export function openPostgres({ url, now, onBroken }: PostgresOptions): Engine {
  const place = placeOf(url);
  const pool = new pg.Pool({
    onConnect: place.enter,
    connectionString: url,
    application_name: 'campaign-wf',
    keepAlive: true,
    types,
    ...limits,
  });
  // The error itself carries the client, with all that it knows.
  pool.on('error', ({ message }) => onBroken(message));
  // One that breaks while somebody uses it fails what he asks; without a listener it would end the process as well.
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const clock = now === null ? serverClock() : { read: async () => now(), asKnown: now };
  return {
    db,
    requestCache: createRequestCache(),
    isShared: true,
    now: clock.read,
    estimatedNow: clock.asKnown,
    lockWorkflow: holdWorkflow,
    lockFreezes: holdFreezes,
    lockRequester: holdRequester,
    schema: place.schema,
    runExclusively: (work) => alone(db, place.schema, work),
    guardEvents,
    isTransient: isTransientPostgresError,
    problemOf,
    isUnwritten: () => false,
    checkFiles() {},
    probeWrite: tryWriting,
    close: () => db.destroy(),
  };
}

/** Every connection looks into the ledger's schema and into no other, where tables of the same names may be. */
function placeOf(url: string) {
  let schema = schemaIn(url);
  return {
    schema: () => schema,
    async enter(client: pg.ClientBase) {
      schema ??= await findSchema(client);
      await client.query("select set_config('search_path', quote_ident($1), false)", [schema]);
    },
  };
}

/** All replicas go by one clock, whatever their own machines show. */
function serverClock() {
  let aheadMs = 0;
  return {
    async read(db: Kysely<Schema>): Promise<number> {
      const { rows } = await sql<{ now: number }>`
        select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(db);
      const now = rows[0]?.now ?? Number.NaN;
      aheadMs = now - Date.now();
      return now;
    },
    asKnown: () => Date.now() + aheadMs,
  };
}

/** Whoever writes about a workflow has it to himself until he commits, as with SQLite, where everybody waits for everybody. */
async function holdWorkflow(tx: Transaction<Schema>, request: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockOn.workflow}, hashtext(workflow_key))
    from requests where id = ${request}`.execute(tx);
}

/** Many may look at the freezes at once. Whoever writes one holds its key for himself. */
async function holdFreezes(tx: Transaction<Schema>, key: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${lockOn.workflow}, hashtext(${key}))`.execute(tx);
}

async function holdRequester(tx: Transaction<Schema>, person: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockOn.requester}, hashtext(${person}))`.execute(tx);
}

async function alone(
  db: Kysely<Schema>,
  schemaOf: () => string | null,
  work: (tx: Transaction<Schema>) => Promise<void>,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const limit of ['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout']) {
      await sql`set local ${sql.raw(limit)} = ${migrationPatience}`.execute(tx);
    }
    await sql`select pg_advisory_xact_lock(${lockOn.migration}, 0)`.execute(tx);
    const schema = schemaOf();
    if (schema !== null) await prepareSchema(tx, schema);
    await work(tx);
    await tryWriting(tx);
  });
}

/**
 * Fails where the user may not write, or the server takes no writes; no row is changed. Whether the server has room shows
 * only when a table needs to grow.
 */
async function tryWriting(tx: Transaction<Schema>): Promise<void> {
  const none = sql.raw('where false returning 1');
  await sql`with
    a as (insert into requests select * from requests ${none}), b as (update requests set state = state ${none}),
    c as (insert into tasks select * from tasks ${none}), d as (update tasks set task = task ${none}),
    e as (delete from tasks ${none}), f as (insert into events select * from events ${none}),
    g as (insert into pacing select * from pacing ${none}), h as (update pacing set channel = channel ${none}),
    i as (insert into notified select * from notified ${none}), j as (update notified set burst = burst ${none})
    select 1`.execute(tx);
}

async function guardEvents(db: Kysely<unknown>): Promise<void> {
  await sql`create function refuse_change_of_events() returns trigger language plpgsql
    as 'begin raise exception ''the ledger is append-only''; end'`.execute(db);
  await sql`create trigger events_no_change before update or delete or truncate on events
    for each statement execute function refuse_change_of_events()`.execute(db);
}

/**
 * SQLSTATE (PostgreSQL documentation, appendix A), whole classes by their first two characters: no connection, too
 * many of them, rolled back for the sake of others, a lock not had in time, cancelled, shutting down or starting,
 * and a server that has just become a standby.
 */
const passingStates = /^(08|53|40|55P03$|57|25006$)/;

/** What Node says of a connection that is not made, or ends. */
const passingCodes =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/;

/** What `pg` says in words alone. */
const passingWords = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/i;

/** Whether what failed may go well when it is tried again. */
export function isTransientPostgresError(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isTransientPostgresError);
  if (!Error.isError(error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (error instanceof pg.DatabaseError) return passingStates.test(code);
  return passingCodes.test(code) || passingWords.test(error.message);
}

function problemOf(error: unknown): LedgerProblem | null {
  if (!isTransientPostgresError(error)) return null;
  const code = error instanceof pg.DatabaseError ? (error.code ?? '') : '';
  if (code === '53100') return 'disk_full';
  if (code === '53200') return 'out_of_memory';
  if (code === '25006') return 'read_only';
  return /^(40|55P03$)/.test(code) ? 'locked' : 'unreachable';
}
