import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Engine } from '../requests/ledger/engine.ts';
import { newestCheckpoint } from '../requests/ledger/log/checkpoints.ts';
import { type Database, openToRead } from '../requests/ledger/open-ledger.ts';
import { readSqlite } from '../requests/ledger/sqlite.ts';

/**
 * Opens a ledger, reads and closes it, also while the bot uses it. Nothing is written: SQLite itself would create its log beside a file that
 * nobody uses, so such a file is opened as one that does not change. If that log appears meanwhile, it is read once more.
 */
export async function inLedger<T>(database: Database, read: (engine: Engine) => Promise<T>): Promise<T> {
  if (database.kind === 'postgres' || existsSync(`${database.path}-wal`)) return inEngine(openToRead(database), read);
  const unchanging = pathToFileURL(database.path);
  unchanging.searchParams.set('immutable', '1');
  const outcome = await Promise.allSettled([inEngine(readSqlite(unchanging), read)]);
  if (existsSync(`${database.path}-wal`)) return inEngine(openToRead(database), read);
  const [result] = outcome;
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

async function inEngine<T>(engine: Engine, read: (engine: Engine) => Promise<T>): Promise<T> {
  try {
    return await read(engine);
  } finally {
    await engine.close();
  }
}

/** The size of the log, and the root that it had at another size; null if no checkpoint has that size. */
export async function readRecord(
  { db }: Engine,
  size: number,
): Promise<{ readonly size: number; readonly root: string | null }> {
  const newest = await newestCheckpoint(db);
  const rows = db.selectFrom('log_checkpoints').select('root').where('size', '=', size);
  return { size: newest?.size ?? 0, root: (await rows.executeTakeFirst())?.root ?? null };
}
