import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { usualSchema } from '../../../../src/requests/ledger/postgres-schema.ts';
import { newDatabase } from '../../../postgres/new-database.ts';
import { startPostgres } from '../../../postgres/postgres-server.ts';
import { newLedgerPath } from '../../scene/ledger-path.fixture.ts';
import { dumpSchema } from './dump-postgres.ts';
import { writeLedger } from './write-ledger.ts';

// `node test/requests/ledger/kept/main.ts FOLDER` writes the ledgers of this version into that folder, to be kept there.

const [, , folder, database] = process.argv;
if (database !== undefined) await writeAndDie(database);
else if (folder !== undefined) await writeBoth(folder);
else process.stderr.write('usage: node test/requests/ledger/kept/main.ts FOLDER\n');

async function writeBoth(to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  const keep = (name: string, content: string | Buffer) =>
    writeFileSync(join(to, name), gzipSync(content, { level: 9 }));
  const path = newLedgerPath();
  writeInOwnProcess(path);
  keep('ledger.sqlite.gz', readFileSync(checkpointed(path)));
  const server = await startPostgres();
  try {
    const url = await newDatabase(server.url);
    writeInOwnProcess(url);
    keep('ledger.sql.gz', await dumpSchema(url, usualSchema));
  } finally {
    await server.close();
  }
}

/** The process ends in the middle of a dispatch. */
function writeInOwnProcess(target: string): void {
  execFileSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), '.', target], {
    stdio: 'inherit',
  });
}

async function writeAndDie(target: string): Promise<void> {
  const isUrl = target.startsWith('postgres:');
  await writeLedger(isUrl ? { kind: 'postgres', url: target } : { kind: 'sqlite', path: target });
  process.exit(0);
}

/** One file, with what was only in the write-ahead log. */
function checkpointed(path: string): string {
  const database = new DatabaseSync(path);
  database.exec('pragma wal_checkpoint(truncate)');
  database.close();
  return path;
}
