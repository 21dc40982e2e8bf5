import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Database } from '../../../../src/requests/ledger/open-ledger.ts';
import { newDatabase, onServer } from '../../../postgres/new-database.ts';
import { newLedgerPath } from '../../scene/ledger-path.fixture.ts';
import type { EngineName } from '../ledger.fixture.ts';

/** A copy of a ledger that an earlier version wrote. */
export async function copyOfKept(engine: EngineName, version: string): Promise<Database> {
  const read = (name: string) => gunzipSync(readFileSync(new URL(`${version}/${name}`, import.meta.url)));
  if (engine === 'postgres') {
    const url = await newDatabase();
    await onServer(url, read('ledger.sql.gz').toString());
    return { kind: 'postgres', url };
  }
  const path = newLedgerPath();
  writeFileSync(path, read('ledger.sqlite.gz'), { mode: 0o600 });
  return { kind: 'sqlite', path };
}
