import { closeSync, existsSync, mkdirSync, openSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, SqliteAdapter, type SqliteDatabase, SqliteDialect, sql } from 'kysely';
import type { Request } from '../request.ts';
import { createRequestCache, type Engine } from './engine.ts';
import { discardErased } from './erasure/sqlite-erasure.ts';
import type { LedgerProblem } from './health.ts';
import { isUnwritten, type LogSync, openLogSync, sqliteProblem, watchFiles } from './sqlite-files.ts';
import { logKeys, type Schema } from './tables.ts';

/** How long SQLite itself waits for a lock. The wait blocks the process, so it is short, and the caller retries. */
const busyTimeoutMs = 50;

/** A program that copies or reads the lock's file can hold a lock for a moment. */
const ownerTimeoutMs = 500;

/**
 * A checkpoint blocks the process, and copies a page once, however often it has changed since the last. SQLite's default is
 * 1,000 pages, which is every seven requests. A log of 16 MB is read in a moment after a crash.
 */
const pagesPerCheckpoint = 4_000;

/** Only the user of the process can read the ledger: new files get mode 0600, a new folder 0700. */
const privateMask = 0o077;

/** Another process uses this ledger. */
export class LedgerInUseError extends Error {
  override name = 'LedgerInUseError';
}

/**
 * Opens the file, or creates it, for this process only. Uses a write-ahead log. A commit writes it without waiting for
 * the disk; `synced` waits. The clock is this machine's. Throws a LedgerInUseError if another process uses the file.
 */
export function openSqlite(path: string, now: () => number): Engine {
  const maskBefore = process.umask(privateMask);
  try {
    return openFiles(path, now);
  } finally {
    process.umask(maskBefore);
  }
}

/** SQLite creates its log and its index with the mode of the ledger, also later. */
function openFiles(path: string, now: () => number): Engine {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const releaseLock = lockFile(path);
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs, open: false });
  try {
    database.open();
    // The first write syncs the new log's entry in its folder as well.
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma user_version = 0');
    database.exec('pragma synchronous = normal; pragma foreign_keys = on; pragma temp_store = memory');
    // Zeros in place of what was deleted: an erased text is not left in the file.
    database.exec('pragma secure_delete = on');
    database.exec(`pragma wal_autocheckpoint = ${pagesPerCheckpoint}`);
    if (path === ':memory:') return engineOver(database, { ...inMemory, now, releaseLock });
    const real = realpathSync(path);
    const log = openLogSync(real, () => checkpoint(database));
    return engineOver(database, { now, checkFiles: watchFiles(real), log, releaseLock });
  } catch (error) {
    if (database.isOpen) database.close();
    releaseLock();
    throw error;
  }
}

/**
 * Opens an existing ledger for reading only, also while another process uses it. `now`: instead of this machine's clock. A URL
 * may have SQLite's parameters.
 */
export function readSqlite(path: string | URL, now: () => number = Date.now): Engine {
  const database = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
  return engineOver(database, { ...inMemory, now, releaseLock: () => {} });
}

type FileOptions = {
  readonly now: () => number;
  readonly checkFiles: () => void;
  readonly log: LogSync;
  readonly releaseLock: () => void;
};

/** Nothing is written to a disk. */
const inMemory: Pick<FileOptions, 'checkFiles' | 'log'> = {
  checkFiles() {},
  log: { committed() {}, async sync() {}, async close() {} },
};

/** Moves the log into the database, and syncs it. Throws if a reader prevents it. */
function checkpoint(database: DatabaseSync): void {
  const { busy } = database.prepare('pragma wal_checkpoint(truncate)').get() ?? {};
  if (busy !== 0) throw new Error('a reader of the ledger prevents its checkpoint');
}

function engineOver(database: DatabaseSync, { now, checkFiles, log, releaseLock }: FileOptions): Engine {
  const requestCache = createRequestCache();
  let changed: readonly Request[] = [];
  let isRecord = false;
  const db = kyselyOver(database, {
    committed() {
      for (const request of changed) requestCache.set(request.id, request);
      if (isRecord) log.committed();
    },
    /** What the ledger has is not known if a commit failed. */
    failed() {
      for (const { id } of changed) requestCache.delete(id);
    },
  });
  return {
    db,
    requestCache,
    committing(requests, mustSync) {
      changed = [...requests];
      isRecord = mustSync;
    },
    isShared: false,
    now: async () => now(),
    estimatedNow: now,
    // One process with one connection: transactions run one after the other.
    lockWorkflow: async () => {},
    lockFreezes: async () => {},
    lockWatches: async () => {},
    lockRequester: async () => {},
    schema: () => null,
    runExclusively: (work) => db.transaction().execute(work),
    lockLog: async () => true,
    guardEvents,
    guardLog,
    isTransient: (error) => isOneOf(error, recoverable),
    problemOf: sqliteProblem,
    isUnwritten,
    checkFiles,
    synced: log.sync,
    discardErased: () => discardErased(db),
    probeWrite: tryWriting,
    async close() {
      await log.close().catch(() => {});
      await db.destroy();
      // Kysely does not close a database that it has not used.
      if (database.isOpen) database.close();
      releaseLock();
    },
  };
}

const transient: readonly LedgerProblem[] = ['locked', 'disk_full', 'io_error', 'out_of_memory'];

/** Problems of a ledger that was open: an operator can solve them while the process runs. */
const recoverable: readonly LedgerProblem[] = [...transient, 'read_only', 'cannot_open', 'file_gone'];

/** Whether waiting can help if the ledger cannot be opened. */
export function isTransientSqliteError(error: unknown): boolean {
  return isOneOf(error, transient);
}

function isOneOf(error: unknown, problems: readonly LedgerProblem[]): boolean {
  const problem = sqliteProblem(error);
  return problem !== null && problems.includes(problem);
}

/** Sets a number in the file's header that is free for applications. This writes a page even if the number does not change. */
async function tryWriting(tx: Kysely<Schema>): Promise<void> {
  await sql`pragma user_version = 0`.execute(tx);
}

async function guardEvents(db: Kysely<unknown>): Promise<void> {
  for (const change of ['update', 'delete']) {
    await sql`create trigger ${sql.raw(`events_no_${change}`)} before ${sql.raw(change)} on events
      begin select raise(abort, 'the ledger is append-only'); end`.execute(db);
  }
  await refuseReplacement(db, 'events', [['request', 'sequence']]);
}

async function guardLog(db: Kysely<unknown>): Promise<void> {
  for (const [table, keys] of Object.entries(logKeys)) {
    for (const change of ['update', 'delete']) {
      await sql`create trigger ${sql.raw(`${table}_no_${change}`)} before ${sql.raw(change)} on ${sql.table(table)}
        begin select raise(abort, 'the ledger is append-only'); end`.execute(db);
    }
    await refuseReplacement(db, table, keys);
  }
}

/** "replace into" deletes without a trigger for deletion (SQLite documentation, ON CONFLICT). */
async function refuseReplacement(
  db: Kysely<unknown>,
  table: string,
  keys: readonly (readonly string[])[],
): Promise<void> {
  const isTaken = keys.map(
    (key) => `exists (select 1 from ${table} where ${key.map((column) => `${column} = new.${column}`).join(' and ')})`,
  );
  await sql`create trigger ${sql.raw(`${table}_no_replace`)} before insert on ${sql.table(table)}
    when ${sql.raw(isTaken.join(' or '))}
    begin select raise(abort, 'the ledger is append-only'); end`.execute(db);
}

/**
 * Locks the ledger for this process. The lock is a write lock of SQLite on a file beside the ledger: the operating system
 * releases it if the process dies, and readers can still open the ledger. A write lock is sufficient: it excludes other
 * processes, including earlier versions, and is not blocked by a reader of the lock's file.
 */
function lockFile(path: string): () => void {
  if (path === ':memory:') return () => {};
  // The real path, so that a link leads to the same lock. The file must exist for that, so it is created here.
  if (!existsSync(path)) closeSync(openSync(path, 'a'));
  const lock = new DatabaseSync(`${realpathSync(path)}-owner`, { timeout: ownerTimeoutMs });
  try {
    // In memory: a process that dies would leave a journal file behind.
    lock.exec('pragma journal_mode = memory; begin immediate');
  } catch (cause) {
    lock.close();
    throw sqliteProblem(cause) === 'locked' ? new LedgerInUseError(path, { cause }) : cause;
  }
  return () => {
    if (lock.isOpen) lock.close();
  };
}

type Prepared = ReturnType<SqliteDatabase['prepare']>;

/** Called in the statement that commits, before another transaction can begin. */
type CommitListener = { committed(): void; failed(): void };

/** Adapts `node:sqlite` to the interface of `better-sqlite3`, which Kysely expects. Each statement is prepared once. */
function kyselyOver(database: DatabaseSync, listener: CommitListener): Kysely<Schema> {
  const prepared = new Map<string, Prepared>();
  const forKysely: SqliteDatabase = {
    prepare(sql) {
      const known = prepared.get(sql) ?? prepare(database, sql);
      prepared.set(sql, known);
      return sql === 'commit' ? announced(known, listener) : known;
    },
    close: () => database.close(),
  };
  return new Kysely<Schema>({ dialect: new TransactionalDialect({ database: forKysely }) });
}

/** Makes Kysely run all migrations in one transaction, so that none remains half done. SQLite supports it; Kysely assumes it does not. */
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

function prepare(database: DatabaseSync, sql: string): Prepared {
  const statement = database.prepare(sql);
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => (isTransactionOver(database, sql) ? noChanges : statement.run(...values(parameters))),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}

function announced(commit: Prepared, { committed, failed }: CommitListener): Prepared {
  return {
    ...commit,
    run(parameters) {
      try {
        const result = commit.run(parameters);
        committed();
        return result;
      } catch (error) {
        failed();
        throw error;
      }
    },
  };
}

const noChanges = { changes: 0, lastInsertRowid: 0 };

/**
 * SQLite rolls a transaction back automatically after a full disk, a failed read or write, or too little memory
 * (sqlite.org/lang_transaction.html). A second rollback would fail and hide the first error.
 */
function isTransactionOver(database: DatabaseSync, sql: string): boolean {
  return sql === 'rollback' && !database.isTransaction;
}
