import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import type { SigningKey } from '../../transparency-log/keys.ts';
import type { RecordedEvent } from '../events.ts';
import { lanes, type Slots, slotsOf } from '../priority.ts';
import type { Request } from '../request.ts';
import { backoffMs, limits } from '../retry-policy.ts';
import { claim, complete, openRequests, settle } from './claims.ts';
import type { Engine } from './engine.ts';
import { eraseText } from './erasure/erase-text.ts';
import { carryOutOrders, ordersLeft } from './erasure/erasure-orders.ts';
import { type LedgerProblem, reasonOf, watchHealth } from './health.ts';
import type { Ledger, LedgerTransaction } from './ledger.ts';
import { readState } from './ledger-state.ts';
import { createWriter, load, loadEvents, type Writer } from './load.ts';
import type { Checkpoint } from './log/checkpoints.ts';
import { joinLog, type OpenedLog, openLog } from './log/open-log.ts';
import { runLog } from './log/running-log.ts';
import { checkVersion, migrate } from './migrations.ts';
import { isPaced, limitChannel, nextStartAt } from './pacing.ts';
import { isInsufficientPrivilege, isTransientPostgresError, openPostgres } from './postgres.ts';
import { DatabaseRightsError, OtherSchemaError, SchemaTakenError, TwoLedgersError } from './postgres-schema.ts';
import { channels, commandsTo, competingRequests, lastFreeze, pendingOutcomes } from './queries.ts';
import { recent } from './recent.ts';
import { countAnew, freeAhead, recordedAhead } from './reset-ahead.ts';
import { retryUntilAborted, within } from './retry.ts';
import { isTransientSqliteError, openSqlite, readSqlite } from './sqlite.ts';
import { requestOf, submit, submitWithin } from './submit.ts';
import { ledgerTransaction } from './transaction.ts';
import { unreviewed, waiting } from './waiting.ts';
import { releaseWatches, watchStore } from './watches/open-watches.ts';
import { resetWatchesAhead } from './watches/turned-back.ts';

/** The database of the ledger. */
export type Database =
  /** A file, or `:memory:`. */
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly url: string };

export type LedgerOptions = {
  readonly database: Database;
  /** Instead of the database's own clock; milliseconds since the epoch. */
  readonly now?: () => number;
  /** How long a claim of this process excludes the others. */
  readonly leaseMs: number;
  /** Called for every event after its commit. */
  readonly onRecorded: (event: RecordedEvent) => void;
  /** Called for every event after its commit, by the process that has recorded it, with the request as it is then. */
  readonly onProgress?: (event: RecordedEvent, request: Request) => void;
  /** Called after each commit of events: how long it took until it would survive a power failure. */
  readonly onCommitted?: (ms: number) => void;
  /** Called once for each request that has an event which the bot has not recorded. The request is ignored. */
  readonly onForged: (event: { readonly request: string; readonly sequence: number }) => void;
  /** Called if a key has begun at this start on a log that has events already: `size` of them, which need no code. */
  readonly onKeyBegun: (before: { readonly size: number }) => void;
  /** Called if the log has a key, and `logKey` is null. */
  readonly onKeyMissing?: () => void;
  /** Called with each checkpoint that this process records or learns of, also the newest one at the start. */
  readonly onCheckpoint: (checkpoint: Checkpoint) => void;
  /** Called once if the newest checkpoint in the database is not the bot's. It is ignored. */
  readonly onForgedCheckpoint: (checkpoint: Pick<Checkpoint, 'size'>) => void;
  /** Called for problems with the database that are reported nowhere else: at the start, and for each idle connection that is lost. */
  readonly onTrouble: (reason: string, kind: 'unreachable_at_start' | 'connection_lost') => void;
  /** Called once when the ledger becomes unavailable, and once, with null, when it is available again. */
  readonly onHealthChange: (problem: LedgerProblem | null, reason: string) => void;
  /** Called for each operation that fails because the ledger is unavailable. */
  readonly onFailed?: () => void;
  /** Signs checkpoints. Null: they are not signed. */
  readonly logKey?: SigningKey | null;
  /**
   * Only an existing ledger of this version, as the bot left it: nothing is migrated, and no key begins. Rejects with a
   * LedgerOlderError, or with an OtherKeyError if `logKey` is not the key in force.
   */
  readonly asGuest?: boolean;
  /** Aborts the wait for a database that is unavailable. */
  readonly signal: AbortSignal;
};

/**
 * Waits until the database can be reached, opens the ledger and migrates its tables. With SQLite, also releases the
 * claims of the previous process. Rejects with a LedgerInUseError, a LedgerNewerError, a DatabaseRefusedError or
 * another error that waiting does not solve.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { onTrouble, signal } = options;
  for (let attempts = 0; ; attempts++) {
    try {
      const { engine, found } = await openEngine(options);
      const { begun, lacksKey } = found.log;
      if (lacksKey) options.onKeyMissing?.();
      // The beginning of the log itself is always there.
      if (begun !== null && begun.size > 1) options.onKeyBegun({ size: begun.size });
      return ledgerOver(engine, options, found);
    } catch (error) {
      if (!isTransientAtStart(error, options.database)) throw error;
      onTrouble(reasonOf(error), 'unreachable_at_start');
      await wait(backoffMs(attempts, Math.random()), undefined, { signal });
    }
  }
}

/** What the ledger has at the start. `openAtStart`: the IDs of the requests that have a due task. */
type Found = { readonly openAtStart: readonly string[]; readonly log: OpenedLog };

async function openEngine(options: LedgerOptions): Promise<{ engine: Engine; found: Found }> {
  const engine = engineOf(options);
  try {
    return { engine, found: await prepare(engine, options) };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** Opens a ledger for reading only, also while other processes use it. */
export function openToRead(database: Database): Engine {
  if (database.kind === 'sqlite') return readSqlite(database.path);
  return openPostgres({ url: database.url, now: null, onBroken: () => {} });
}

function engineOf({ database, now, onTrouble }: LedgerOptions): Engine {
  if (database.kind === 'sqlite') return openSqlite(database.path, now ?? Date.now);
  const onBroken = (reason: string) => onTrouble(reason, 'connection_lost');
  return openPostgres({ url: database.url, now: now ?? null, onBroken });
}

/** The server refuses the connection or the migration, and waiting does not help. The message is the server's. */
export class DatabaseRefusedError extends Error {
  override name = 'DatabaseRefusedError';
}

/** Waits for a database that is starting or unavailable, and for space on the disk, but not for one that refuses. */
function isTransientAtStart(error: unknown, { kind }: Database): boolean {
  return kind === 'sqlite' ? isTransientSqliteError(error) : isTransientPostgresError(error);
}

async function prepare(engine: Engine, { logKey = null, asGuest = false }: LedgerOptions): Promise<Found> {
  await reach(engine);
  await (asGuest ? checkVersion(engine) : migrateTables(engine, logKey?.name ?? null));
  // One process owns the file, so the process that held a lease has ended.
  if (!engine.isShared) await releaseAll(engine);
  const log = await (asGuest ? joinLog(engine.db, logKey) : openLog(engine, logKey));
  engine.checkFiles();
  return { openAtStart: await openRequests(engine.db), log };
}

async function reach({ db, isShared }: Engine): Promise<void> {
  try {
    await sql`select 1`.execute(db);
  } catch (cause) {
    throw isShared && !isTransientPostgresError(cause) && !isSchemaError(cause)
      ? new DatabaseRefusedError(reasonOf(cause), { cause })
      : cause;
  }
}

/** Turns a refusal of the server during the migration into an error of the ledger. */
async function migrateTables(engine: Engine, origin: string | null): Promise<void> {
  try {
    await migrate(engine, origin);
  } catch (cause) {
    if (!(cause instanceof pg.DatabaseError) || isTransientPostgresError(cause)) throw cause;
    throw refusalOf(cause, engine);
  }
}

function refusalOf(cause: pg.DatabaseError, { schema }: Engine): Error {
  const { code = '', message } = cause;
  if (isInsufficientPrivilege(cause)) return new DatabaseRightsError(message, { cause });
  const taken = duplicates.has(code) ? /"([^"]+)"|(\w+) already exists/.exec(message) : null;
  if (taken === null) return new DatabaseRefusedError(message, { cause });
  return new SchemaTakenError(schema() ?? '', taken[1] ?? taken[2] ?? '');
}

/** Errors about the schema, which already say what to do. */
function isSchemaError(error: unknown): boolean {
  return error instanceof TwoLedgersError || error instanceof OtherSchemaError;
}

/** A name that the ledger needs is taken: by a table, view or index; a type; a function. SQLSTATE, as in `postgres.ts`. */
const duplicates: ReadonlySet<string> = new Set(['42P07', '42710', '42723']);

async function releaseAll({ db, now }: Engine): Promise<void> {
  await db.updateTable('tasks').set({ lease_owner: null, lease_until: null }).execute();
  await releaseWatches(db, await now(db));
}

function ledgerOver(
  engine: Engine,
  { leaseMs, onRecorded, onProgress, onCommitted, onForged, onHealthChange, onFailed, ...ofLog }: LedgerOptions,
  { openAtStart, log }: Found,
): Ledger {
  const { db, isTransient, isUnwritten, problemOf } = engine;
  const health = watchHealth({ problemOf, onChange: onHealthChange, ...(onFailed && { onFailed }), now: Date.now });
  const rules = { isTransient, isUnwritten, failed: health.failed };
  const processId = randomUUID();
  let claims = 0;
  const source = { engine, codes: log.codes, forged: once(onForged) };
  const reader = { db, ...source };

  /** Each retry starts with a new writer: a failed transaction has written nothing. */
  async function transact<T>(
    work: (writer: Writer) => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ readonly result: T } & Pick<Writer, 'written' | 'changed'>> {
    const committed = await retryUntilAborted(
      (committing) =>
        db.transaction().execute(async (tx) => {
          // Whoever gave up while this waited for a connection must not cost those who still wait.
          signal.throwIfAborted();
          if (health.problem() !== null) await engine.probeWrite(tx);
          const writer = createWriter(tx, source);
          const result = await work(writer);
          engine.checkFiles();
          // Nothing is committed after the caller has given up.
          signal.throwIfAborted();
          committing();
          engine.committing(writer.changed.values(), writer.changed.size > 0 || writer.mustSync);
          return { result, written: writer.written, changed: writer.changed };
        }),
      rules,
      signal,
    );
    health.written();
    return committed;
  }
  /** Nobody learns of an event before it would survive a power failure. */
  const transactionOf = (writer: Writer) => ledgerTransaction(writer, leaseMs);
  async function writing<T>(work: (writer: Writer) => Promise<T>, callers?: AbortSignal): Promise<T> {
    if (callers === undefined) return within(limits.ledger.writeMs, (signal) => writing(work, signal));
    const begun = performance.now();
    const { result, written, changed } = await transact(work, callers);
    await synced(callers);
    for (const event of written) onRecorded(event);
    if (written.length > 0) onCommitted?.(performance.now() - begun);
    if (onProgress !== undefined) tellProgress(written, changed, onProgress);
    return result;
  }
  /** What is committed is not written again, only synced again. */
  function synced(signal: AbortSignal): Promise<void> {
    return retryUntilAborted(
      (committing) => {
        committing();
        return engine.synced();
      },
      rules,
      signal,
    );
  }
  /** The state of a task needs no sync: a process that dies releases its claims, and whoever is next finds what is due. */
  async function scheduling<T>(work: (writer: Writer) => Promise<T>, limitMs: number): Promise<T> {
    return (await within(limitMs, (signal) => transact(work, signal))).result;
  }
  /** What is read may have been committed a moment ago. */
  function reading<T>(read: () => Promise<T>): Promise<T> {
    return within(limits.ledger.readMs, async (signal) => {
      const result = await retryUntilAborted(read, rules, signal);
      await synced(signal);
      return result;
    });
  }
  const nextLease = () => `${processId} ${++claims}`;

  return {
    openAtStart,
    now: engine.estimatedNow,
    submit: (submission, signal) => writing((writer) => submit(writer, submission), signal),
    submitWithin: (mostOpen, submission, signal) =>
      writing((writer) => submitWithin(writer, mostOpen, submission), signal),
    transaction: <T>(work: (transaction: LedgerTransaction) => Promise<T>, signal?: AbortSignal) =>
      writing((writer) => work(transactionOf(writer)), signal),
    load: (id) => reading(() => load(reader, id)),
    requestOf: (interaction) => reading(() => requestOf(reader, interaction)),
    events: (id) => reading(() => loadEvents(db, id)),
    async eraseText(id, erasure) {
      const erased = await writing((writer) => eraseText(writer, id, erasure));
      // Also after an erasure that a reader has kept from it.
      await engine.discardErased();
      return erased;
    },
    async carryOutErasures(answered) {
      if (engine.isShared) return;
      const left = () => reading(() => ordersLeft(db));
      const { discardErased } = engine;
      await carryOutOrders({ left, writing, discardErased, answered }, log.codes && log.identity.key);
    },
    lastFreeze: (organization) => reading(() => lastFreeze(reader, organization)),
    competingRequests: (order) => reading(() => competingRequests(reader, order)),
    commandsTo: (key) => reading(() => commandsTo(reader, key)),
    recent: (query) => reading(() => recent(reader, query)),
    waiting: (person, channels) => reading(() => waiting(reader.db, person, channels)),
    unreviewed: () => reading(() => unreviewed(reader.db)),
    claim: (slots) =>
      scheduling(
        (writer) => claim(writer, { lease: nextLease(), leaseMs, slots: forEveryLane(slots) }),
        limits.ledger.readMs,
      ),
    complete: (claimed, completion) =>
      writing((writer) => complete(writer, claimed, completion, { lease: nextLease(), leaseMs }), completion.signal),
    settle: (claimed, notBefore) => scheduling((writer) => settle(writer, claimed, notBefore), limits.ledger.writeMs),
    recordRateLimit: (limit) =>
      scheduling(async ({ db: tx, now }) => limitChannel(tx, limit, await now()), limits.ledger.writeMs),
    isPaced: (channel) => reading(() => isPaced(db, channel, engine.estimatedNow())),
    nextDueAt: (of = lanes) => reading(() => nextStartAt(db, of, engine.estimatedNow())),
    channels: () => reading(() => channels(db)),
    pendingOutcomes: () => reading(() => pendingOutcomes(db)),
    state: () => reading(() => readState(db, engine, engine.estimatedNow())),
    async resetAhead() {
      const ahead = await reading(() => recordedAhead(db, engine.estimatedNow()));
      for (const id of ahead) await writing((writer) => countAnew(writer, id));
      const isFreed = await writing(freeAhead);
      const isReset = await writing(resetWatchesAhead);
      return ahead.length > 0 || isFreed || isReset;
    },
    isShared: engine.isShared,
    watches: watchStore({ db, writing, scheduling, reading, nextLease, transactionOf }),
    ...runLog(log, { engine, writing, reading, ...ofLog }),
    problem: health.problem,
    close: engine.close,
  };
}

function tellProgress(
  written: readonly RecordedEvent[],
  changed: ReadonlyMap<string, Request>,
  onProgress: NonNullable<LedgerOptions['onProgress']>,
): void {
  for (const event of written) {
    const request = changed.get(event.request);
    if (request !== undefined) onProgress(event, request);
  }
}

/** Called at each load; reported once for each request. */
function once(report: LedgerOptions['onForged']): LedgerOptions['onForged'] {
  const reported = new Set<string>();
  return ({ request, sequence }) => {
    if (reported.has(request)) return;
    reported.add(request);
    report({ request, sequence });
  };
}

function forEveryLane(slots: Slots | number): Slots {
  return typeof slots === 'number' ? slotsOf(() => slots) : slots;
}
