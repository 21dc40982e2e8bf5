import { existsSync } from 'node:fs';
import { placeOf } from '../requests/ledger/database-place.ts';
import type { Engine } from '../requests/ledger/engine.ts';
import { checkVersion, LedgerNewerError, LedgerOlderError } from '../requests/ledger/migrations.ts';
import { type Database, openToRead } from '../requests/ledger/open-ledger.ts';
import type { AuditContext } from './audit-command.ts';
import { Failure } from './failure.ts';

/**
 * Opens the ledger to read it, also while the bot uses it, and closes it afterwards. Throws a Failure that names the
 * place if there is no ledger, or one that cannot be read.
 */
export async function withLedger<T>(context: AuditContext, work: (engine: Engine) => Promise<T>): Promise<T> {
  const database = context.database();
  try {
    if (database.kind === 'sqlite' && !existsSync(database.path)) throw missing(database, context);
    return await inEngine(openToRead(database), async (engine) => {
      if (!(await hasLedger(engine))) throw missing(database, context);
      await checkVersion(engine);
      return work(engine);
    });
  } catch (error) {
    throw error instanceof Failure ? error : unreadable(error, database, context);
  }
}

async function inEngine<T>(engine: Engine, work: (engine: Engine) => Promise<T>): Promise<T> {
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

/** Before the first start there is no database, or an empty one. */
async function hasLedger({ db, schema }: Engine): Promise<boolean> {
  const tables = await db.introspection.getTables();
  return tables.some((table) => table.name === 'events' && (schema() === null || table.schema === schema()));
}

function missing(database: Database, { translator }: AuditContext): Failure {
  return new Failure(translator.translate('verify.missing', { place: placeOf(database) }));
}

function unreadable(error: unknown, database: Database, { translator }: AuditContext): Failure {
  const place = placeOf(database);
  if (error instanceof LedgerNewerError) return new Failure(translator.translate('audit.ledger_newer', { place }));
  if (error instanceof LedgerOlderError) return new Failure(translator.translate('audit.ledger_older', { place }));
  const detail = Error.isError(error) ? error.message : String(error);
  return new Failure(translator.translate('verify.unreadable', { place, detail }));
}
