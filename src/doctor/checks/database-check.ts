import { access, constants, stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { sql } from 'kysely';
import { plain } from '../../locales/translator.ts';
import { placeOf } from '../../requests/ledger/database-place.ts';
import type { Engine } from '../../requests/ledger/engine.ts';
import { reasonOf } from '../../requests/ledger/health.ts';
import { newestCheckpoint } from '../../requests/ledger/log/checkpoints.ts';
import { keysBegun } from '../../requests/ledger/log/log-chain.ts';
import { codeOf } from '../../requests/ledger/log/witness-file.ts';
import { LedgerNewerError, migrationState } from '../../requests/ledger/migrations.ts';
import { type Database, DatabaseRefusedError } from '../../requests/ledger/open-ledger.ts';
import { isInsufficientPrivilege, isTransientPostgresError } from '../../requests/ledger/postgres.ts';
import { DatabaseRightsError } from '../../requests/ledger/postgres-schema.ts';
import { problemLine } from '../../settings/problem.ts';
import { startProblem } from '../../start-problem.ts';
import { shortCheckpoint } from '../../transparency-log/checkpoint.ts';
import { formatVerifierKey, type SigningKey, verifierKeyOf } from '../../transparency-log/keys.ts';
import { found, told } from '../finding.ts';
import { inLedger } from '../ledger-reader.ts';
import type { Check, CheckContext, Report } from './check.ts';

const megabyte = 1_000_000;

/** Below the first, the ledger is close to refusing everything; a busy day writes some ten megabytes. */
const lowDisk = { failure: 50 * megabyte, warning: 1_000 * megabyte };

/** The ledger: whether the bot can use it at its next start, and what it has. Nothing is created, migrated or written. */
export const checkDatabase: Check = async (context, report) => {
  const { ledger } = context.known;
  if (ledger === null) return report(found('warning', 'not_checked', { because: 'settings' }));
  const { database, logKey = null } = ledger;
  try {
    if (database.kind === 'sqlite' && !(await checkFiles(database.path, report))) return;
    await inLedger(database, (engine) => checkLedger(engine, { database, logKey, context, report }));
  } catch (error) {
    reportUnusable(error, database, context, report);
  }
};

/** Whether there is a ledger to read. Rejects if the bot could not create or write it. */
async function checkFiles(path: string, report: Report): Promise<boolean> {
  const place = resolve(path);
  const folder = await existingFolder(dirname(place));
  await access(folder, constants.W_OK | constants.X_OK);
  await checkDisk(folder, report);
  const file = await stat(place).catch(() => null);
  // An empty file is what a start leaves that was ended at once.
  if (file === null || file.size === 0) {
    report(found('ok', 'database_new', { place }));
    return false;
  }
  await access(place, constants.R_OK | constants.W_OK);
  return true;
}

/** The bot creates the folders that are missing. */
async function existingFolder(path: string): Promise<string> {
  const found = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return existingFolder(dirname(path));
  if (!found.isDirectory()) throw Object.assign(new Error(path), { code: 'ENOTDIR' });
  return path;
}

export async function checkDisk(folder: string, report: Report): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const values = { place: folder, megabytes: Math.floor(free / megabyte) };
  if (free >= lowDisk.warning) report(found('ok', 'disk_free', values));
  else report(found(free < lowDisk.failure ? 'failure' : 'warning', 'disk_low', values));
}

type Examination = {
  readonly database: Database;
  readonly logKey: SigningKey | null;
  readonly context: CheckContext;
  readonly report: Report;
};

async function checkLedger(engine: Engine, { database, logKey, report }: Examination): Promise<void> {
  // The first query finds the schema.
  await sql`select 1`.execute(engine.db);
  const { applied, missing } = await migrationState(engine);
  const place = placeOf(database);
  if (applied === 0) {
    if (engine.isShared) await mayCreate(engine);
    return report(found('ok', 'database_new', { place }));
  }
  // An older ledger lacks some of the tables.
  if (engine.isShared) await (missing === 0 ? tryWriting(engine) : mayCreate(engine));
  const { version, bytes } = await (engine.isShared ? serverOf(engine) : fileOf(engine, place));
  report(found('ok', 'database_ready', { place, version, megabytes: Math.ceil(bytes / megabyte) }));
  if (missing > 0) return report(found('warning', 'database_to_migrate', { count: missing }));
  await checkRecord(engine, logKey, report);
}

/** In a schema of its own, or in a new one. */
async function mayCreate({ db, schema }: Engine): Promise<void> {
  const name = schema() ?? '';
  const { rows } = await sql<{ may: boolean }>`
    select coalesce((select has_schema_privilege(oid, 'CREATE') from pg_catalog.pg_namespace where nspname = ${name}),
      has_database_privilege(current_database(), 'CREATE')) as may`.execute(db);
  if (rows[0]?.may !== true) throw new DatabaseRightsError(`permission denied for schema ${name}`);
}

class RolledBack extends Error {
  override name = 'RolledBack';
}

/** A statement that changes no row, in a transaction that is rolled back. */
async function tryWriting(engine: Engine): Promise<void> {
  const tried = engine.db.transaction().execute(async (tx) => {
    await engine.probeWrite(tx);
    throw new RolledBack();
  });
  await tried.catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error;
  });
}

async function serverOf({ db }: Engine): Promise<{ version: string; bytes: number }> {
  const { rows } = await sql<{ version: string; bytes: string | number }>`
    select current_setting('server_version') as version, pg_database_size(current_database()) as bytes`.execute(db);
  return { version: `PostgreSQL ${rows[0]?.version}`, bytes: Number(rows[0]?.bytes) };
}

async function fileOf({ db }: Engine, place: string): Promise<{ version: string; bytes: number }> {
  const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(db);
  const sizes = ['', '-wal'].map((suffix) =>
    stat(`${place}${suffix}`).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  return { version: `SQLite ${rows[0]?.version}`, bytes };
}

async function checkRecord({ db }: Engine, logKey: SigningKey | null, report: Report): Promise<void> {
  const newest = await newestCheckpoint(db);
  if (newest !== undefined) report(found('ok', 'record_head', { events: newest.size, head: shortCheckpoint(newest) }));
  const inForce = (await keysBegun(db)).at(-1)?.key ?? null;
  const given = logKey && formatVerifierKey(verifierKeyOf(logKey));
  if (inForce === given) return;
  if (given === null) report(found('failure', 'log_key_missing', {}));
  else if (newest !== undefined && newest.size > 1) report(found('warning', 'log_key_begins', {}));
}

function reportUnusable(error: unknown, database: Database, { translator }: CheckContext, report: Report): void {
  // SQLite's message says more than the code that all its errors have.
  const isSqlites = codeOf(error) === 'ERR_SQLITE_ERROR';
  const problem = isSqlites ? null : startProblem(refusalOf(error, database), translator);
  const place = placeOf(database);
  const unread = () => plain(translator.translate('verify.unreadable', { place, detail: reasonOf(error) }));
  report(told('failure', 'database_unusable', problem === null ? unread() : problemLine(problem, translator)));
}

/** The server's refusals as the errors that a start would end with. */
function refusalOf(error: unknown, { kind }: Database): unknown {
  if (kind === 'sqlite' || error instanceof LedgerNewerError || !Error.isError(error)) return error;
  if (isInsufficientPrivilege(error)) return new DatabaseRightsError(error.message);
  const isServers = 'code' in error && /^[0-9A-Z]{5}$/.test(String(error.code)) && !isTransientPostgresError(error);
  return isServers ? new DatabaseRefusedError(error.message) : error;
}
