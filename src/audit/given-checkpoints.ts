import { createReadStream, existsSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { code } from '../locales/phrase.ts';
import { plain, type Translator } from '../locales/translator.ts';
import type { GivenCheckpoint } from '../requests/ledger/log/verify-log.ts';
import { keptCheckpoint, readWitnessLine } from '../requests/ledger/log/witness-lines.ts';
import type { AuditContext } from './audit-command.ts';
import { Failure, UsageFailure } from './failure.ts';
import { consistencyDocument, type Growth, growthOf } from './proof/consistency.ts';

/** As messages in the channel show it: the size, and the first digits of the root. */
const shortForm = /^(?<size>[1-9]\d{0,14})[·:. ](?<root>[0-9a-f]{16,64})$/i;

/** `growth`: how the log grew to the only checkpoint, if its file says that. */
export type GivenStates = { readonly checkpoints: readonly GivenCheckpoint[]; readonly growth: Growth | null };

/** A file with a checkpoint is no larger, unless it is a witness file. In characters. */
const largest = 64 * 1024 * 1024;

type Context = Pick<AuditContext, 'translator' | 'remark'>;

/**
 * Reads what somebody has kept: the short form of the channel's messages, a checkpoint's whole text, or a file or a pipe with
 * either, with a document of `prove` or of `checkpoint --since`, or with all lines of a witness file, in its order. Lines
 * that were cut off are left out with a remark. A log has at least one place, so a checkpoint of size 0 would fit every log
 * and prove nothing. Throws a UsageFailure for what is none of this, and a Failure for a file that cannot be read.
 */
export async function givenCheckpoints(textOrFile: string, { translator, remark }: Context): Promise<GivenStates> {
  const { checkpoints, unread, text } = isFile(textOrFile)
    ? await readLines(textOrFile).catch(failsToRead(textOrFile, translator))
    : { checkpoints: [], unread: [], text: textOrFile };
  const single = text === null ? null : (inDocument(text) ?? inText(text));
  if (single !== null) return single;
  if (checkpoints.length === 0) throw notACheckpoint(textOrFile, translator);
  const [first] = unread;
  if (first !== undefined) {
    const told = { path: textOrFile, lines: unread.length, first: String(first) };
    remark(plain(translator.translate('audit.witness_lines', told)));
  }
  return { checkpoints, growth: null };
}

/** The same where only one can be meant. */
export async function givenCheckpoint(textOrFile: string, context: Context): Promise<GivenCheckpoint> {
  const [only, ...others] = (await givenCheckpoints(textOrFile, context)).checkpoints;
  if (only === undefined || others.length > 0) throw notACheckpoint(textOrFile, context.translator);
  return only;
}

/** A text can be too long for a name, for which `statSync` throws. */
function isFile(path: string): boolean {
  return existsSync(path) && !statSync(path).isDirectory();
}

type Lines = {
  readonly checkpoints: readonly GivenCheckpoint[];
  /** The numbers of the lines that hold no whole checkpoint. */
  readonly unread: readonly number[];
  /** The whole file; null if it is a witness file, or too large. */
  readonly text: string | null;
};

/** A pipe can be read only once, so its lines are read as those of a witness file and as one text. Replicas write the same checkpoint several times. */
async function readLines(path: string): Promise<Lines> {
  const checkpoints = new Map<string, GivenCheckpoint>();
  const unread: number[] = [];
  const text: string[] = [];
  let [number, length] = [0, 0];
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    length += line.length;
    if (checkpoints.size === 0 && length <= largest) text.push(line);
    if (line.trim() === '') continue;
    const kept = readWitnessLine(line);
    if (kept === null) unread.push(number);
    else checkpoints.set(`${kept.size}·${kept.root}`, kept);
  }
  const isText = checkpoints.size === 0 && length <= largest;
  return { checkpoints: [...checkpoints.values()], unread, text: isText ? `${text.join('\n')}\n` : null };
}

function failsToRead(path: string, { translate }: Translator) {
  return (error: NodeJS.ErrnoException): never => {
    if (error.code === undefined) throw error;
    throw new Failure(translate('audit.input_failed', { path, code: error.code }));
  };
}

function notACheckpoint(typed: string, translator: Translator): UsageFailure {
  return new UsageFailure(translator.translate('audit.not_a_checkpoint', { typed: [code(typed)] }));
}

function inText(text: string): GivenStates | null {
  const checkpoint = inShortForm(text.trim()) ?? wholeCheckpoint(withoutMark(text));
  return checkpoint && { checkpoints: [checkpoint], growth: null };
}

const withCheckpoint = z.object({ checkpoint: z.string() });

/** Null if the text is none of the JSON documents that hold a checkpoint. */
function inDocument(text: string): GivenStates | null {
  const json = jsonOf(withoutMark(text));
  const read = withCheckpoint.safeParse(json);
  const checkpoint = read.success ? wholeCheckpoint(read.data.checkpoint) : null;
  const consistency = consistencyDocument.safeParse(json);
  return checkpoint && { checkpoints: [checkpoint], growth: consistency.success ? growthOf(consistency.data) : null };
}

/** Editors put a byte order mark in front of UTF-8. */
function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, '');
}

function jsonOf(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

function inShortForm(text: string): GivenCheckpoint | null {
  const { size, root } = shortForm.exec(text)?.groups ?? {};
  return size === undefined || root === undefined ? null : { size: Number(size), root: root.toLowerCase() };
}

/** On a command line the last newline is easily lost. */
function wholeCheckpoint(text: string): GivenCheckpoint | null {
  const kept = keptCheckpoint(text.endsWith('\n') ? text : `${text}\n`, Number.NaN);
  return kept && { size: kept.size, root: kept.root };
}
