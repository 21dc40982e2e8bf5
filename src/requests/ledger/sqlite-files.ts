import { type BigIntStats, closeSync, fdatasync, openSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import type { LedgerProblem } from './health.ts';

/** SQLite's primary result codes (sqlite.org/rescode.html); the extended ones have them in their lowest byte. */
const problems: Readonly<Record<number, LedgerProblem>> = {
  5: 'locked',
  6: 'locked',
  7: 'out_of_memory',
  8: 'read_only',
  10: 'io_error',
  11: 'corrupt',
  13: 'disk_full',
  14: 'cannot_open',
  15: 'locked',
  26: 'corrupt',
};

/** `SQLITE_IOERR_WRITE`: the commit did not reach the disk. */
const writeFailed = 778;

export function sqliteProblem(error: unknown): LedgerProblem | null {
  if (error instanceof LedgerFileGoneError) return 'file_gone';
  if (error instanceof NotSyncedError) return error.isDiskFull ? 'disk_full' : 'io_error';
  return problems[resultCode(error) & 0xff] ?? null;
}

/** Whether a commit that failed with this error certainly wrote nothing. After a failed sync this is not known. */
export function isUnwritten(error: unknown): boolean {
  if (error instanceof NotSyncedError) return false;
  return sqliteProblem(error) !== 'io_error' || resultCode(error) === writeFailed;
}

function resultCode(error: unknown): number {
  return Error.isError(error) && 'errcode' in error ? Number(error.errcode) : 0;
}

/** The path no longer leads to the ledger's open files. */
export class LedgerFileGoneError extends Error {
  override name = 'LedgerFileGoneError';
}

/** The suffixes of the ledger's files. Without SQLite's log and its index the last commits are missing. */
const suffixes = ['', '-wal', '-shm'];

/**
 * Returns a check of the ledger's files. The first call stores their identity. Each later call throws a
 * LedgerFileGoneError if a file was replaced or removed: SQLite itself would write on. A call takes about ten microseconds.
 */
export function watchFiles(path: string): () => void {
  let original: readonly BigIntStats[] | null = null;
  return () => {
    const found = suffixes.map((suffix) => fileAt(path, suffix));
    original ??= found;
    if (!found.every((file, index) => isSame(file, original?.[index]))) throw new LedgerFileGoneError(fileGoneMessage);
  };
}

const fileGoneMessage = 'the ledger’s files were removed or replaced while they were open';

function fileAt(path: string, suffix: string): BigIntStats {
  const file = statSync(`${path}${suffix}`, { bigint: true, throwIfNoEntry: false });
  // The log may be empty, the ledger itself never is.
  if (file === undefined || (suffix === '' && file.size === 0n)) throw new LedgerFileGoneError(fileGoneMessage);
  return file;
}

function isSame(one: BigIntStats, other: BigIntStats | undefined): boolean {
  return one.ino === other?.ino && one.dev === other.dev;
}

/** The operating system could not write the log to the disk. What was committed since the last sync may be lost. */
export class NotSyncedError extends Error {
  override name = 'NotSyncedError';

  get isDiskFull(): boolean {
    const { cause } = this;
    return Error.isError(cause) && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
  }
}

/** Writes commits to the disk. */
export type LogSync = {
  /** Called with each commit that has to be on the disk, before a sync can begin. */
  committed(): void;
  /** Resolves once all of them are on the disk. Rejects with a NotSyncedError. */
  sync(): Promise<void>;
  close(): Promise<void>;
};

export type LogSyncOptions = {
  /** Syncs the log, outside the main thread. */
  readonly sync: () => Promise<void>;
  /**
   * Writes the log into the database and syncs that. A sync that follows a failed one proves nothing: the operating
   * system may have dropped the pages that it could not write (fsync(2), EIO).
   */
  readonly checkpoint: () => void;
};

/** One sync at a time. Everything that is committed meanwhile shares the next one. */
export function createLogSync({ sync, checkpoint }: LogSyncOptions): Omit<LogSync, 'close'> {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  let hasFailed = false;
  let [commits, onDisk] = [0, 0];

  async function run(): Promise<void> {
    await running.catch(() => {});
    running = next ?? running;
    next = null;
    const covered = commits;
    try {
      if (hasFailed) checkpoint();
      else await sync();
      hasFailed = false;
      onDisk = covered;
    } catch (cause) {
      hasFailed = true;
      throw new NotSyncedError('the log of the ledger could not be synced', { cause });
    }
  }

  return {
    committed() {
      commits++;
    },
    async sync() {
      if (onDisk === commits) return;
      next ??= run();
      await next;
    },
  };
}

/** Syncs the log of this ledger, which has to exist. */
export function openLogSync(path: string, checkpoint: () => void): LogSync {
  const log = openSync(`${path}-wal`, 'r+');
  const syncLog = promisify(fdatasync);
  const logSync = createLogSync({ sync: () => syncLog(log), checkpoint });
  return {
    ...logSync,
    async close() {
      await logSync.sync().finally(() => closeSync(log));
    },
  };
}
