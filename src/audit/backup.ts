import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { exitCodes } from '../command-line.ts';
import { code } from '../locales/phrase.ts';
import { plain } from '../locales/translator.ts';
import type { Engine } from '../requests/ledger/engine.ts';
import { reasonOf } from '../requests/ledger/health.ts';
import { newestCheckpoint } from '../requests/ledger/log/checkpoints.ts';
import { schemaIn, usualSchema } from '../requests/ledger/postgres-schema.ts';
import { readSqlite } from '../requests/ledger/sqlite.ts';
import { type CopiedState, copySqlite } from '../requests/ledger/sqlite-copy.ts';
import { shortRecord } from '../slack/messages/message-context.ts';
import { type AuditContext, auditCommand } from './audit-command.ts';
import { Failure, UsageFailure } from './failure.ts';
import { makeFileWhole } from './output-file.ts';
import { verifyRecord } from './verify.ts';
import { withLedger } from './with-ledger.ts';

/** `backup TARGET`: copies a SQLite ledger while the bot runs, and verifies the copy before it gets its name. */
export const backupCommand = auditCommand({
  name: 'backup',
  summary: 'audit.backup.summary',
  argument: { name: 'TARGET', isRequired: true, about: 'audit.backup.target' },
  options: { force: { type: 'boolean', about: 'audit.force' } },
  async run({ force: mayReplace = false }, typed, context) {
    const database = context.database();
    if (database.kind === 'postgres') throw byServer(database.url, context);
    const path = fileFor(resolve(typed ?? ''));
    return withLedger(context, async () => {
      checkPlace(path, database.path, context);
      const copied = await makeFileWhole({ path, mayReplace }, context, (file) => copy(database.path, file, context));
      context.say(plain(context.translator.translate('audit.backup.done', { path, ...copied })));
      if (copied.unsealed > 0) {
        context.remark(plain(context.translator.translate('audit.backup.unsealed', { requests: copied.unsealed })));
      }
      return exitCodes.clean;
    });
  },
});

/** In a folder, a name with the time: `campaign-wf-2026-11-30T08-15-00Z.sqlite`. */
function fileFor(target: string): string {
  if (!statSync(target, { throwIfNoEntry: false })?.isDirectory()) return target;
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  return join(target, `campaign-wf-${time}Z.sqlite`);
}

/** What stands beside a SQLite ledger and belongs to it. */
const suffixes = ['', '-wal', '-shm', '-journal', '-owner'];

/** The ledger must not be replaced by its copy, and SQLite would take a log that another file has left for that of the copy. */
function checkPlace(path: string, ledger: string, { translator }: AuditContext): void {
  const place = existsSync(dirname(path)) ? join(realpathSync(dirname(path)), basename(path)) : path;
  const real = existsSync(path) ? realpathSync(path) : place;
  if (suffixes.some((suffix) => [place, real].includes(`${realpathSync(ledger)}${suffix}`))) {
    throw new UsageFailure(translator.translate('audit.backup.own_file', { path }));
  }
  for (const left of [`${path}-wal`, `${path}-journal`]) {
    if (existsSync(left)) throw new Failure(translator.translate('audit.backup.left_log', { left }));
  }
}

type Copied = CopiedState & {
  readonly megabytes: number;
  readonly requests: number;
  readonly events: number;
  /** In its short form. */
  readonly checkpoint: string;
};

async function copy(ledger: string, file: string, context: AuditContext): Promise<Copied> {
  const state = await copySqlite(ledger, file).catch((error) => {
    throw new Failure(context.translator.translate('audit.backup.failed', { detail: reasonOf(error) }));
  });
  const engine = readSqlite(file, () => state.at);
  try {
    return { ...state, ...(await verified(engine, context)), megabytes: Math.ceil(statSync(file).size / 100_000) / 10 };
  } finally {
    await engine.close();
  }
}

/** Throws a Failure if the copy does not hold. What is wrong with the ledger itself, `verify` names. */
async function verified(
  engine: Engine,
  context: AuditContext,
): Promise<Pick<Copied, 'requests' | 'events' | 'checkpoint'>> {
  const silent = { ...context, say() {} };
  const { requests, events, isSound, conclusion } = await verifyRecord(
    engine,
    { id: null, key: null, given: [] },
    silent,
  );
  const newest = await newestCheckpoint(engine.db);
  if (!isSound || newest === undefined) {
    const command = [code('npm run verify')];
    throw new Failure(context.translator.translate('audit.backup.unsound', { conclusion, command }));
  }
  return { requests, events, checkpoint: shortRecord({ checkpoint: () => newest }) };
}

/** PostgreSQL's own program makes a consistent copy. */
function byServer(url: string, { translator }: AuditContext): UsageFailure {
  const schema = schemaIn(url) ?? usualSchema;
  const place = new URL(url);
  for (const name of ['schema', 'options', 'password']) place.searchParams.delete(name);
  place.password = '';
  const command = `pg_dump --format=custom --schema=${schema} --file=ledger.dump ${place.href}`;
  return new UsageFailure(translator.translate('audit.backup.by_server', { command: [code(command)] }));
}
