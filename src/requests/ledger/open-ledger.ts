import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { sql, type Transaction } from 'kysely';
import pg from 'pg';
import type { RecordedEvent } from '../events.ts';
import { lanes, type Slots } from '../priority.ts';
import { backoffMs, limits } from '../retry-policy.ts';
import { claim, openRequests, settle } from './claims.ts';
import type { Engine } from './engine.ts';
import { type LedgerProblem, reasonOf, watchHealth } from './health.ts';
import type { Ledger, LedgerTransaction } from './ledger.ts';
import { load, loadEvents } from './load.ts';
import { migrate } from './migrations.ts';
import { isPaced, limitChannel, nextFreeAt } from './pacing.ts';
import { isTransientPostgresError, openPostgres } from './postgres.ts';
import { DatabaseRightsError, OtherSchemaError, SchemaTakenError, TwoLedgersError } from './postgres-schema.ts';
import { channels, lastFreeze, pendingOutcomes, recent } from './queries.ts';
import { retryUntilAborted } from './retry.ts';
import { isTransientSqliteError, openSqlite, readSqlite } from './sqlite.ts';
import { submit, submitWithin } from './submit.ts';
import type { Schema } from './tables.ts';
import { ledgerTransaction, type Writer } from './transaction.ts';

/** Where the ledger is. */
export type Database =
  /** A file, or `:memory:`. */
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly url: string };

export type LedgerOptions = {
  readonly database: Database;
  /** Instead of the database's own clock; milliseconds since the epoch. */
  readonly now?: () => number;
  /** How long nobody else takes what this process has claimed. */
  readonly leaseMs: number;
  /** Hears of every event once it is committed. */
  readonly onRecorded: (event: Pick<RecordedEvent, 'request' | 'sequence' | 'type'>) => void;
  /** Hears of trouble with the database that nobody else hears of, and what it was. */
  readonly onTrouble: (reason: string, message: string) => void;
  /** Hears once when the ledger cannot be worked with, and why, and once, with null, when it can again. */
  readonly onHealthChange: (problem: LedgerProblem | null, reason: string) => void;
  /** Gives up on waiting for a database that is away. */
  readonly signal: AbortSignal;
};

/**
 * Opens the ledger once its database can be reached, brings its tables up to date and, where it is this
 * process's alone, takes over what the one before it left. Rejects with a LedgerInUseError, a
 * LedgerNewerError or a DatabaseRefusedError where that cannot be.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { onTrouble, signal } = options;
  for (let attempts = 0; ; attempts++) {
    try {
      const { engine, openAtStart } = await openEngine(options);
      return ledgerOver(engine, options, openAtStart);
    } catch (error) {
      if (!isTransientAtStart(error, options.database)) throw error;
      onTrouble(reasonOf(error), 'the database cannot be reached; trying again');
      await wait(backoffMs(attempts, Math.random()), undefined, { signal });
    }
  }
}

async function openEngine(options: LedgerOptions): Promise<{ engine: Engine; openAtStart: readonly string[] }> {
  const engine = engineOf(options);
  try {
    return { engine, openAtStart: await prepare(engine) };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** Opens a ledger to read it, whoever else works with it. */
export function openToRead(database: Database): Engine {
  if (database.kind === 'sqlite') return readSqlite(database.path);
  return openPostgres({ url: database.url, now: null, onBroken: () => {} });
}

function engineOf({ database, now, onTrouble }: LedgerOptions): Engine {
  if (database.kind === 'sqlite') return openSqlite(database.path, now ?? Date.now);
  const onBroken = (reason: string) => onTrouble(reason, 'a connection to the database broke');
  return openPostgres({ url: database.url, now: now ?? null, onBroken });
}

/** The server is there and does not let us in; no waiting mends that. The message is the server's. */
export class DatabaseRefusedError extends Error {
  override name = 'DatabaseRefusedError';
}

/** A database that is still starting, or goes away again, is waited for, and so is room on the disk; one that refuses is not. */
function isTransientAtStart(error: unknown, { kind }: Database): boolean {
  return kind === 'sqlite' ? isTransientSqliteError(error) : isTransientPostgresError(error);
}

/** Gives the requests that have something due. */
async function prepare(engine: Engine): Promise<readonly string[]> {
  await reach(engine);
  await bringUpToDate(engine);
  // One process owns the file, so whoever held a lease is gone.
  if (!engine.isShared) await releaseAll(engine);
  engine.checkFiles();
  return openRequests(engine.db);
}

async function reach({ db, isShared }: Engine): Promise<void> {
  try {
    await sql`select 1`.execute(db);
  } catch (cause) {
    throw isShared && !isTransientPostgresError(cause) && !isNamed(cause)
      ? new DatabaseRefusedError(reasonOf(cause), { cause })
      : cause;
  }
}

/** What the server does not let us do with the tables is told like any other refusal. */
async function bringUpToDate(engine: Engine): Promise<void> {
  try {
    await migrate(engine);
  } catch (cause) {
    if (!(cause instanceof pg.DatabaseError) || isTransientPostgresError(cause)) throw cause;
    throw refusalOf(cause, engine);
  }
}

function refusalOf(cause: pg.DatabaseError, { schema }: Engine): Error {
  const { code = '', message } = cause;
  if (code === insufficientPrivilege) return new DatabaseRightsError(message, { cause });
  const taken = duplicates.has(code) ? /"([^"]+)"|(\w+) already exists/.exec(message) : null;
  if (taken === null) return new DatabaseRefusedError(message, { cause });
  return new SchemaTakenError(schema() ?? '', taken[1] ?? taken[2] ?? '');
}

function isNamed(error: unknown): boolean {
  return error instanceof TwoLedgersError || error instanceof OtherSchemaError;
}

/** SQLSTATE (PostgreSQL documentation, appendix A). */
const insufficientPrivilege = '42501';
/** A table, view or index; a type; a function: of a name that the ledger needs. */
const duplicates: ReadonlySet<string> = new Set(['42P07', '42710', '42723']);

async function releaseAll({ db }: Engine): Promise<void> {
  await db.updateTable('tasks').set({ lease_owner: null, lease_until: null }).execute();
}

function ledgerOver(
  engine: Engine,
  { leaseMs, onRecorded, onHealthChange }: LedgerOptions,
  openAtStart: readonly string[],
): Ledger {
  const { db, isTransient, isUnwritten, problemOf } = engine;
  const health = watchHealth({ problemOf, onChange: onHealthChange, now: Date.now });
  const judge = { isTransient, isUnwritten, failed: health.failed };
  const process = randomUUID();
  let claims = 0;

  async function transact<T>(work: (tx: Transaction<Schema>) => Promise<T>, signal: AbortSignal): Promise<T> {
    const result = await retryUntilAborted(
      (committing) =>
        db.transaction().execute(async (tx) => {
          if (health.problem() !== null) await engine.probeWrite(tx);
          const result = await work(tx);
          engine.checkFiles();
          // Nothing is committed behind the back of a caller who has given up.
          signal.throwIfAborted();
          committing();
          return result;
        }),
      judge,
      signal,
    );
    health.written();
    return result;
  }
  /** A transaction that is tried again has written nothing the time before. */
  async function writing<T>(work: (writer: Writer) => Promise<T>, signal = AbortSignal.timeout(limits.ledger.writeMs)) {
    const { result, written } = await transact(async (tx) => {
      const events: RecordedEvent[] = [];
      return { result: await work({ tx, engine, written: events }), written: events };
    }, signal);
    for (const event of written) onRecorded(event);
    return result;
  }
  const reading = <T>(read: () => Promise<T>): Promise<T> =>
    retryUntilAborted(read, judge, AbortSignal.timeout(limits.ledger.readMs));

  return {
    openAtStart,
    now: engine.estimatedNow,
    submit: (submission, signal) => writing((writer) => submit(writer, submission), signal),
    submitWithin: (mostOpen, submission, signal) =>
      writing((writer) => submitWithin(writer, mostOpen, submission), signal),
    transaction: <T>(work: (transaction: LedgerTransaction) => Promise<T>, signal?: AbortSignal) =>
      writing((writer) => work(ledgerTransaction(writer, leaseMs)), signal),
    load: (id) => reading(() => load(db, id, engine.requestCache)),
    events: (id) => reading(() => loadEvents(db, id)),
    lastFreeze: (organization) => reading(() => lastFreeze(db, organization, engine.requestCache)),
    recent: (query) => reading(() => recent(db, query, engine.requestCache)),
    claim: (slots) =>
      transact(async (tx) => {
        const lease = `${process} ${++claims}`;
        return claim(tx, engine, { lease, now: await engine.now(tx), leaseMs, slots: ofEveryLane(slots) });
      }, AbortSignal.timeout(limits.ledger.readMs)),
    settle: (claimed, notBefore) =>
      transact((tx) => settle(tx, engine, claimed, notBefore), AbortSignal.timeout(limits.ledger.writeMs)),
    recordRateLimit: (limit) =>
      transact(async (tx) => limitChannel(tx, limit, await engine.now(tx)), AbortSignal.timeout(limits.ledger.writeMs)),
    isPaced: (channel) => reading(() => isPaced(db, channel, engine.estimatedNow())),
    nextDueAt: (of = lanes) => reading(() => nextFreeAt(db, of, engine.estimatedNow())),
    channels: () => reading(() => channels(db)),
    pendingOutcomes: () => reading(() => pendingOutcomes(db)),
    problem: health.problem,
    close: engine.close,
  };
}

function ofEveryLane(slots: Slots | number): Slots {
  if (typeof slots !== 'number') return slots;
  return { stops: slots, new_stops: slots, rest: slots, replies: slots };
}
