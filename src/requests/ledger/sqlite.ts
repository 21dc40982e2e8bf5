import { closeSync, existsSync, mkdirSync, openSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, SqliteAdapter, type SqliteDatabase, SqliteDialect, sql } from 'kysely';
import type { Engine } from './engine.ts';
import type { LedgerProblem } from './health.ts';
import { createRequestCache } from './load.ts';
import { isUnwritten, sqliteProblem, watchFiles } from './sqlite-errors.ts';
import type { Schema } from './tables.ts';

/** How long SQLite itself waits for a lock; it blocks the process, so it is short and the caller tries again. */
const busyTimeoutMs = 50;

/** Somebody who copies or looks at the lock's file may hold it for a moment. */
const ownerTimeoutMs = 500;

/** What the ledger says is for the user of the process: 0600 for the files that are made here, 0700 for the folder. */
const privateMask = 0o077;

/** Another process works with this ledger. */
export class LedgerInUseError extends Error {
  override name = 'LedgerInUseError';
}

/**
 * Opens (and makes) the file, for this process alone: write-ahead log, every commit on disk before it counts.
 * The clock is this machine's. Throws a LedgerInUseError where another process has it.
 */
export function openSqlite(path: string, now: () => number): Engine {
  const maskBefore = process.umask(privateMask);
  try {
    return openFiles(path, now);
  } finally {
    process.umask(maskBefore);
  }
}

/** SQLite gives its log and its index, also the later ones, the mode of the ledger. */
function openFiles(path: string, now: () => number): Engine {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const releaseLock = own(path);
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs, open: false });
  try {
    database.open();
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
    const checkFiles = path === ':memory:' ? () => {} : watchFiles(realpathSync(path));
    return engineOver(database, { now, checkFiles, releaseLock });
  } catch (error) {
    if (database.isOpen) database.close();
    releaseLock();
    throw error;
  }
}

/** Opens a ledger that is there to read it, also while another process works with it. */
export function readSqlite(path: string): Engine {
  const database = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
  return engineOver(database, { now: Date.now, checkFiles: () => {}, releaseLock: () => {} });
}

type Surroundings = { readonly now: () => number; readonly checkFiles: () => void; readonly releaseLock: () => void };

function engineOver(database: DatabaseSync, { now, checkFiles, releaseLock }: Surroundings): Engine {
  const db = kyselyOver(database);
  return {
    db,
    requestCache: createRequestCache(),
    isShared: false,
    now: async () => now(),
    estimatedNow: now,
    // One connection and one process: transactions follow one another.
    lockWorkflow: async () => {},
    lockFreezes: async () => {},
    lockRequester: async () => {},
    schema: () => null,
    runExclusively: (work) => db.transaction().execute(work),
    guardEvents,
    isTransient: (error) => isOneOf(error, recoverable),
    problemOf: sqliteProblem,
    isUnwritten,
    checkFiles,
    probeWrite: tryWriting,
    async close() {
      await db.destroy();
      // Kysely closes only what it has used.
      if (database.isOpen) database.close();
      releaseLock();
    },
  };
}

const transient: readonly LedgerProblem[] = ['locked', 'disk_full', 'io_error', 'out_of_memory'];

/** What worked a moment ago, and will again when somebody has put it right. */
const recoverable: readonly LedgerProblem[] = [...transient, 'read_only', 'cannot_open', 'file_gone'];

/** Whether waiting may help where the ledger cannot be opened. */
export function isTransientSqliteError(error: unknown): boolean {
  return isOneOf(error, transient);
}

function isOneOf(error: unknown, some: readonly LedgerProblem[]): boolean {
  const problem = sqliteProblem(error);
  return problem !== null && some.includes(problem);
}

/** A number in the file's header that SQLite leaves to the application; setting it writes a page even where it stays the same. */
async function tryWriting(tx: Kysely<Schema>): Promise<void> {
  await sql`pragma user_version = 0`.execute(tx);
}

async function guardEvents(db: Kysely<unknown>): Promise<void> {
  for (const change of ['update', 'delete']) {
    await sql`create trigger ${sql.raw(`events_no_${change}`)} before ${sql.raw(change)} on events
      begin select raise(abort, 'the ledger is append-only'); end`.execute(db);
  }
  // "replace into" deletes without a trigger for deletion (SQLite documentation, ON CONFLICT).
  await sql`create trigger events_no_replace before insert on events
    when exists (select 1 from events where request = new.request and sequence = new.sequence)
    begin select raise(abort, 'the ledger is append-only'); end`.execute(db);
}

/**
 * A ledger has one process. The lock is SQLite's own, on a file beside the ledger, so that the operating
 * system takes it back from a process that dies and a reader can still open the ledger itself. A write lock suffices:
 * it excludes another process, of an earlier version too, and is not hindered by a reader of the lock's file.
 */
function own(path: string): () => void {
  if (path === ':memory:') return () => {};
  // By whatever name the file is reached, its owner is the same: also by a link to a file that is not there yet.
  if (!existsSync(path)) closeSync(openSync(path, 'a'));
  const lock = new DatabaseSync(`${realpathSync(path)}-owner`, { timeout: ownerTimeoutMs });
  try {
    // With a journal in a file, a process that dies would leave one behind.
    lock.exec('pragma journal_mode = memory; begin immediate');
  } catch (cause) {
    lock.close();
    throw sqliteProblem(cause) === 'locked' ? new LedgerInUseError(path, { cause }) : cause;
  }
  return () => {
    if (lock.isOpen) lock.close();
  };
}

/** Kysely's driver was written for `better-sqlite3`; this gives it `node:sqlite`, with each statement prepared once. */
function kyselyOver(database: DatabaseSync): Kysely<Schema> {
  const prepared = new Map<string, ReturnType<SqliteDatabase['prepare']>>();
  const forKysely: SqliteDatabase = {
    prepare(sql) {
      const known = prepared.get(sql) ?? prepare(database, sql);
      prepared.set(sql, known);
      return known;
    },
    close: () => database.close(),
  };
  return new Kysely<Schema>({ dialect: new TransactionalDialect({ database: forKysely }) });
}

/** Kysely brings SQLite's tables up to date step by step; SQLite can do it in one transaction, and then none is left half done. */
class TransactionalDialect extends SqliteDialect {
  override createAdapter() {
    return new TransactionalAdapter();
  }
}

class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl() {
    return true;
  }
}

function prepare(database: DatabaseSync, sql: string): ReturnType<SqliteDatabase['prepare']> {
  const statement = database.prepare(sql);
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => (isTransactionOver(database, sql) ? nothingDone : statement.run(...values(parameters))),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}

const nothingDone = { changes: 0, lastInsertRowid: 0 };

/**
 * A full disk, a failed read or write and too little memory end a transaction by themselves (sqlite.org/lang_transaction.html).
 * Rolling it back would fail then, and hide why.
 */
function isTransactionOver(database: DatabaseSync, sql: string): boolean {
  return sql === 'rollback' && !database.isTransaction;
}
