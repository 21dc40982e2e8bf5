import { type BigIntStats, statSync } from 'node:fs';
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

/** `SQLITE_IOERR_WRITE`: the commit never got as far as the disk. */
const writeFailed = 778;

export function sqliteProblem(error: unknown): LedgerProblem | null {
  if (error instanceof LedgerFileGoneError) return 'file_gone';
  return problems[resultCode(error) & 0xff] ?? null;
}

/** Whether a commit that failed with this certainly wrote nothing. A failed sync leaves that open. */
export function isUnwritten(error: unknown): boolean {
  return sqliteProblem(error) !== 'io_error' || resultCode(error) === writeFailed;
}

function resultCode(error: unknown): number {
  return Error.isError(error) && 'errcode' in error ? Number(error.errcode) : 0;
}

/** The ledger's files are no longer those that are open. */
export class LedgerFileGoneError extends Error {
  override name = 'LedgerFileGoneError';
}

/** SQLite's log and its index belong to the ledger: without them it lacks what was committed last. */
const parts = ['', '-wal', '-shm'];

/**
 * Remembers which files the path names at the first call. Each later call throws a LedgerFileGoneError when it names
 * others, or none: SQLite itself goes on writing into a file that was removed. A call takes some ten microseconds.
 */
export function watchFiles(path: string): () => void {
  let known: readonly BigIntStats[] | null = null;
  return () => {
    const found = parts.map((part) => fileAt(path, part));
    known ??= found;
    if (!found.every((file, index) => isSame(file, known?.[index]))) throw new LedgerFileGoneError(changedWords);
  };
}

const changedWords = 'the ledger’s files were removed or replaced while they were open';

function fileAt(path: string, part: string): BigIntStats {
  const file = statSync(`${path}${part}`, { bigint: true, throwIfNoEntry: false });
  // The log may be empty, the ledger itself never is.
  if (file === undefined || (part === '' && file.size === 0n)) throw new LedgerFileGoneError(changedWords);
  return file;
}

function isSame(one: BigIntStats, other: BigIntStats | undefined): boolean {
  return one.ino === other?.ino && one.dev === other.dev;
}
