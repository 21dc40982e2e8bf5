import { type BigIntStats, statSync } from 'node:fs';

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
