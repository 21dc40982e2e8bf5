import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, type SqliteDatabase, SqliteDialect, sql } from 'kysely';
import type { Engine } from './engine.ts';
import type { Schema } from './schema.ts';

/** How long SQLite itself waits for a lock; it blocks the process, so it is short and the caller tries again. */
const busyTimeoutMs = 50;

/** Another process works with this ledger. */
export class LedgerInUseError extends Error {
  override name = 'LedgerInUseError';
}

/**
 * Opens (and makes) the file, for this process alone: write-ahead log, every commit on disk before it counts.
 * The clock is this machine's. Throws a LedgerInUseError where another process has it.
 */
export function openSqlite(path: string, now: () => number): Engine {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const releaseLock = own(path);
  try {
    const database = new DatabaseSync(path, { timeout: busyTimeoutMs });
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
    return engineOver(kyselyOver(database, releaseLock), now);
  } catch (error) {
    releaseLock();
    throw error;
  }
}

/** Opens a ledger that is there to read it, also while another process works with it. */
export function readSqlite(path: string): Engine {
  const database = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
  return engineOver(
    kyselyOver(database, () => {}),
    Date.now,
  );
}

function engineOver(db: Kysely<Schema>, now: () => number): Engine {
  return {
    db,
    isShared: false,
    now: async () => now(),
    nowAsKnown: now,
    // One connection and one process: transactions follow one another.
    holdWorkflow: async () => {},
    alone: (work) => work(),
    guardEvents,
    mayPass: isBusy,
  };
}

/** SQLite's result codes 5 (`SQLITE_BUSY`) and 6 (`SQLITE_LOCKED`); the longer codes have them in their lowest byte. */
function isBusy(error: unknown): boolean {
  if (!Error.isError(error) || !('errcode' in error)) return false;
  const code = Number(error.errcode) & 0xff;
  return code === 5 || code === 6;
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
 * system takes it back from a process that dies and a reader can still open the ledger itself.
 */
function own(path: string): () => void {
  if (path === ':memory:') return () => {};
  // By whatever name the file is reached, its owner is the same.
  const lock = new DatabaseSync(`${existsSync(path) ? realpathSync(path) : path}-owner`, { timeout: 0 });
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (cause) {
    lock.close();
    throw isBusy(cause) ? new LedgerInUseError(path, { cause }) : cause;
  }
  return () => lock.close();
}

/** Kysely's driver was written for `better-sqlite3`; this gives it `node:sqlite`, with each statement prepared once. */
function kyselyOver(database: DatabaseSync, closed: () => void): Kysely<Schema> {
  const prepared = new Map<string, ReturnType<SqliteDatabase['prepare']>>();
  const forKysely: SqliteDatabase = {
    prepare(sql) {
      const known = prepared.get(sql) ?? prepare(database, sql);
      prepared.set(sql, known);
      return known;
    },
    close() {
      database.close();
      closed();
    },
  };
  return new Kysely<Schema>({ dialect: new SqliteDialect({ database: forKysely }) });
}

function prepare(database: DatabaseSync, sql: string): ReturnType<SqliteDatabase['prepare']> {
  const statement = database.prepare(sql);
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
