import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { complain, describeIntegrityProblem, environment, exitCodes, operatorsWords } from './command-line.ts';
import { normalizeRequestId } from './commands/vocabulary/ids.ts';
import { plain } from './locales/translator.ts';
import type { Engine } from './requests/ledger/engine.ts';
import { type VerifiedRequest, verify } from './requests/ledger/integrity.ts';
import { type Database, openToRead } from './requests/ledger/open-ledger.ts';
import { readDatabase } from './settings/read-settings.ts';

// `npm run verify`, or `npm run verify -- 7K3M9QPA`: checks the integrity of the record, also while the bot is running.

const { variables } = environment();
const translator = operatorsWords(variables);
const read = readDatabase(variables, translator);
if (read.ok) process.exitCode = await run(read.database, process.argv[2]);
else complain(read.problems, translator);

/** As an absolute path, or the server and the database without the password. */
function placeOf(database: Database): string {
  if (database.kind === 'sqlite') return resolve(database.path);
  const { host, pathname } = new URL(database.url);
  return `postgres://${host}${pathname}`;
}

async function run(database: Database, id: string | undefined): Promise<number> {
  try {
    return await report(database, id);
  } catch (error) {
    const detail = Error.isError(error) ? error.message : String(error);
    process.stderr.write(`${plain(translator.translate('verify.unreadable', { place: placeOf(database), detail }))}\n`);
    return exitCodes.crash;
  }
}

/** Prints each problem as it is found, and a summary at the end. */
async function report(database: Database, id: string | undefined): Promise<number> {
  if (database.kind === 'sqlite' && !existsSync(database.path)) return missing(database);
  const engine = openToRead(database);
  const sum = { requests: 0, events: 0, flawed: 0 };
  try {
    if (!(await hasLedger(engine))) return missing(database);
    for await (const verified of verify(engine, id === undefined ? null : (normalizeRequestId(id) ?? id))) {
      if (id !== undefined) tellEvents(verified);
      if (verified.problem !== null) say(describeIntegrityProblem(translator, verified.request, verified.problem));
      sum.requests += 1;
      sum.events += verified.events.length;
      sum.flawed += verified.problem === null ? 0 : 1;
    }
  } finally {
    await engine.close();
  }
  return conclude(sum);
}

/** Before the first start there is no database, or an empty one. */
async function hasLedger({ db, schema }: Engine): Promise<boolean> {
  const tables = await db.introspection.getTables();
  return tables.some((table) => table.name === 'events' && (schema() === null || table.schema === schema()));
}

function missing(database: Database): number {
  process.stderr.write(`${plain(translator.translate('verify.missing', { place: placeOf(database) }))}\n`);
  return exitCodes.crash;
}

function conclude({ requests, events, flawed }: { requests: number; events: number; flawed: number }): number {
  if (flawed === 0) say(plain(translator.translate('verify.sound', { requests, events })));
  else say(plain(translator.translate('verify.unsound', { flawed, requests })));
  return flawed === 0 ? exitCodes.clean : exitCodes.crash;
}

/** With their digests, for comparison with the copies in the channel. */
function tellEvents({ events }: VerifiedRequest): void {
  for (const { sequence, at, type, digest } of events) {
    say(`${String(sequence).padStart(3)}  ${new Date(at).toISOString()}  ${type.padEnd(14)}  ${digest}`);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
