import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterFile } from '../../runner/after-file.ts';

/** In memory where possible: these tests do not depend on flushes to a disk. */
const root = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A path for a ledger, in a new folder that is removed after the tests of this file. */
export function newLedgerPath(): string {
  const folder = mkdtempSync(join(root, 'campaign-wf-'));
  afterFile(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'ledger.sqlite');
}

/** A copy of the ledger as a process that dies now leaves it on the disk. */
export function copyLedger(path: string): string {
  const copy = newLedgerPath();
  for (const end of ['', '-wal']) {
    if (existsSync(`${path}${end}`)) copyFileSync(`${path}${end}`, `${copy}${end}`);
  }
  return copy;
}
