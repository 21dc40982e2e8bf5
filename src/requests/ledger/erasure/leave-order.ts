import { closeSync, fdatasyncSync, openSync, realpathSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { retryUntilAborted, within } from '../retry.ts';
import { sqliteProblem } from '../sqlite-files.ts';
import type { ErasureOrder } from './erasure-orders.ts';

/** SQLite waits for a lock this long, and then the attempt is repeated. In milliseconds. */
const busyTimeoutMs = 100;

const rules = {
  isTransient: (error: unknown) => sqliteProblem(error) === 'locked',
  isUnwritten: () => true,
  failed() {},
};

/**
 * Leaves an order in the ledger of the bot that owns it, and syncs it. It holds SQLite's lock for a moment only: the bot
 * waits for no disk. Rejects with a LedgerUnavailableError if the ledger stays locked for `limitMs`.
 */
export async function leaveOrder(path: string, order: ErasureOrder, limitMs: number): Promise<void> {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs });
  try {
    // The bot alone moves its log into the database.
    database.exec('pragma synchronous = normal; pragma wal_autocheckpoint = 0');
    const insert = database.prepare(
      'insert into erasures (id, request, by, because, asked_at, mac) values (:id, :request, :by, :because, :asked_at, :mac)',
    );
    await within(limitMs, (signal) => retryUntilAborted(async () => insert.run(order), rules, signal));
    const log = openSync(`${realpathSync(path)}-wal`, 'r+');
    fdatasyncSync(log);
    closeSync(log);
  } finally {
    database.close();
  }
}
