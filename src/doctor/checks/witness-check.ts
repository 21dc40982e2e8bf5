import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { KeptCheckpoint } from '../../requests/ledger/log/log-event.ts';
import { codeOf, readEnd, WitnessFileError } from '../../requests/ledger/log/witness-file.ts';
import { problemLine } from '../../settings/problem.ts';
import { startProblem } from '../../start-problem.ts';
import { found, told } from '../finding.ts';
import { inLedger, readRecord } from '../ledger-reader.ts';
import type { Check, CheckContext, Report } from './check.ts';

/** Whether the witness file can be appended to, and fits the record. It is neither created nor changed. */
export const checkWitness: Check = async (context, report) => {
  const path = context.known.witnessFile;
  if (path === null) return report(found('ok', 'witness_unset', {}));
  try {
    const isThere = await tryAppending(path);
    if (!isThere) return report(found('ok', 'witness_new', { path }));
  } catch (error) {
    const problem = startProblem(new WitnessFileError(codeOf(error)), context.translator);
    if (problem === null) throw error;
    return report(told('failure', 'witness_unusable', problemLine(problem, context.translator)));
  }
  await compare(path, context, report);
};

/** Whether the file exists. Rejects if the bot could not append to it. */
async function tryAppending(path: string): Promise<boolean> {
  const file = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (file === null) {
    await access(dirname(path), constants.W_OK | constants.X_OK);
    return false;
  }
  if (!file.isFile()) throw new WitnessFileError('EISDIR');
  await (await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK)).close();
  return true;
}

/** The bot appends in the background, a moment after it records. */
const patience = { times: 4, everyMs: 250 };

async function compare(path: string, { known }: CheckContext, report: Report): Promise<void> {
  for (let times = 1; ; times++) {
    const newest = await newestIn(path);
    // A file that can only be appended to cannot be read, which is as it should be.
    if (newest === null || known.ledger === null) return report(found('ok', 'witness_writable', { path }));
    const record = await inLedger(known.ledger.database, (engine) => readRecord(engine, newest.size)).catch(() => null);
    if (record === null) return report(found('warning', 'not_checked', { because: 'database' }));
    if (newest.size >= record.size || times === patience.times) return judge(path, newest, record, report);
    await wait(patience.everyMs);
  }
}

async function newestIn(path: string): Promise<KeptCheckpoint | null> {
  const end = await readEnd(path).catch(() => null);
  return end?.newest.toSorted((a, b) => a.size - b.size).at(-1) ?? null;
}

type Recorded = { readonly size: number; readonly root: string | null };

function judge(path: string, newest: KeptCheckpoint, { size, root }: Recorded, report: Report): void {
  if (newest.size > size) report(found('failure', 'witness_ahead', { path, size: newest.size, ledger: size }));
  else if (root !== newest.root) report(found('failure', 'witness_differs', { path, size: newest.size }));
  else if (newest.size < size) report(found('warning', 'witness_behind', { path, size: newest.size, ledger: size }));
  else report(found('ok', 'witness_ready', { path, size }));
}
