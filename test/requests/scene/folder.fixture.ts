import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** Where a flush costs nothing, if there is such a place: what survives a power cut is not what these tests are about. */
const root = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Where a ledger can be, in a folder of its own that is gone when the tests are. */
export function newLedgerPath(): string {
  const folder = mkdtempSync(join(root, 'campaign-wf-'));
  folders.push(folder);
  return join(folder, 'ledger.sqlite');
}

/** The ledger as a process that dies now leaves it on the disk. */
export function copyOfLedger(path: string): string {
  const copy = newLedgerPath();
  for (const end of ['', '-wal']) {
    if (existsSync(`${path}${end}`)) copyFileSync(`${path}${end}`, `${copy}${end}`);
  }
  return copy;
}
