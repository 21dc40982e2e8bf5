import { createReadStream, existsSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { plain } from '../locales/translator.ts';
import type { GivenCheckpoint } from '../requests/ledger/log/verify-log.ts';
import { readWitnessLine } from '../requests/ledger/log/witness-lines.ts';
import type { AuditContext } from './audit-command.ts';
import { checkpointIn, givenCheckpoint } from './given-checkpoint.ts';

/** A file with one checkpoint is far smaller. */
const largestSingleBytes = 65_536;

/**
 * What somebody has kept: one checkpoint, as text or in a file, or all of a witness file, in its order. Lines that were cut off are left
 * out with a remark. Throws a UsageFailure.
 */
export async function givenCheckpoints(
  textOrFile: string,
  context: Pick<AuditContext, 'translator' | 'remark'>,
): Promise<readonly GivenCheckpoint[]> {
  const { translator, remark } = context;
  const bytes = sizeOfFile(textOrFile);
  if (bytes === null) return [givenCheckpoint(textOrFile, translator)];
  const single = bytes > largestSingleBytes ? null : checkpointIn(textOrFile);
  if (single !== null) return [single];
  const { checkpoints, unread } = await readWitnessFile(textOrFile);
  const [first] = unread;
  // A document of `prove` can be large.
  if (checkpoints.length === 0) return [givenCheckpoint(textOrFile, translator)];
  if (first !== undefined) {
    const told = { path: textOrFile, lines: unread.length, first: String(first) };
    remark(plain(translator.translate('audit.witness_lines', told)));
  }
  return checkpoints;
}

/** Null: it is no file. A text can be too long for a name, for which `statSync` throws. */
function sizeOfFile(path: string): number | null {
  const found = existsSync(path) ? statSync(path) : null;
  return found?.isFile() === true ? found.size : null;
}

type WitnessFile = { readonly checkpoints: readonly GivenCheckpoint[]; readonly unread: readonly number[] };

/** `unread`: the numbers of the lines that hold no whole checkpoint. Replicas write the same one several times. */
async function readWitnessFile(path: string): Promise<WitnessFile> {
  const checkpoints = new Map<string, GivenCheckpoint>();
  const unread: number[] = [];
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() === '') continue;
    const kept = readWitnessLine(line);
    if (kept === null) unread.push(number);
    else checkpoints.set(`${kept.size}·${kept.root}`, kept);
  }
  return { checkpoints: [...checkpoints.values()], unread };
}
