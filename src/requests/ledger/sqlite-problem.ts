import type { LedgerProblem } from './health.ts';
import { LedgerFileGoneError } from './ledger-files.ts';

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
