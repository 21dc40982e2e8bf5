import { existsSync, readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { code } from '../locales/phrase.ts';
import type { Translator } from '../locales/translator.ts';
import type { GivenCheckpoint } from '../requests/ledger/log/verify-log.ts';
import { parseCheckpoint } from '../transparency-log/checkpoint.ts';
import { readNote } from '../transparency-log/signed-note.ts';
import { UsageFailure } from './failure.ts';
import { consistencyDocument, type Growth, growthOf } from './proof/consistency.ts';

/** As messages in the channel show it: the size, and the first digits of the root. */
const shortForm = /^(?<size>[1-9]\d{0,14})[·:. ](?<root>[0-9a-f]{16,64})$/i;

/** `growth`: how the log grew to the checkpoint, as the file with it says. */
type GivenState = { readonly checkpoint: GivenCheckpoint; readonly growth: Growth | null };

/** A file with a checkpoint is no larger. In bytes. */
const largest = 64 * 1024 * 1024;

/**
 * Reads what somebody has kept of a checkpoint: the short form of the channel's messages, its whole text, or a file with
 * either, or with a document of `prove` or of `checkpoint --since`. A log has at least one place, so one of size 0 would fit
 * every log and prove nothing. Throws a UsageFailure.
 */
export function givenCheckpoint(textOrFile: string, translator: Translator): GivenCheckpoint {
  const found = checkpointIn(textOrFile);
  if (found === null) throw notACheckpoint(textOrFile, translator);
  return found;
}

/** Null: it is neither a checkpoint nor a file with one. */
export function checkpointIn(textOrFile: string): GivenCheckpoint | null {
  return stateIn(textOrFile)?.checkpoint ?? null;
}

/** How the log grew to the checkpoint in a file of `checkpoint --since`; null if it is none. */
export function givenGrowth(textOrFile: string): Growth | null {
  return stateIn(textOrFile)?.growth ?? null;
}

function stateIn(textOrFile: string): GivenState | null {
  // A text can be too long for a name, for which `statSync` throws.
  const found = existsSync(textOrFile) ? statSync(textOrFile) : null;
  const isFile = found?.isFile() === true && found.size <= largest;
  const text = isFile ? readFileSync(textOrFile, 'utf8') : textOrFile;
  return inDocument(text) ?? inText(text);
}

function notACheckpoint(typed: string, translator: Translator): UsageFailure {
  return new UsageFailure(translator.translate('audit.not_a_checkpoint', { typed: [code(typed)] }));
}

function inText(text: string): GivenState | null {
  const checkpoint = shortCheckpoint(text.trim()) ?? wholeCheckpoint(text);
  return checkpoint && { checkpoint, growth: null };
}

const withCheckpoint = z.object({ checkpoint: z.string() });

/** Null if the text is none of the JSON documents that hold a checkpoint. */
function inDocument(text: string): GivenState | null {
  const json = jsonOf(text);
  const read = withCheckpoint.safeParse(json);
  const checkpoint = read.success ? wholeCheckpoint(read.data.checkpoint) : null;
  const consistency = consistencyDocument.safeParse(json);
  return checkpoint && { checkpoint, growth: consistency.success ? growthOf(consistency.data) : null };
}

function jsonOf(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

function shortCheckpoint(text: string): GivenCheckpoint | null {
  const { size, root } = shortForm.exec(text)?.groups ?? {};
  return size === undefined || root === undefined ? null : { size: Number(size), root: root.toLowerCase() };
}

/** On a command line the last newline is easily lost. */
function wholeCheckpoint(text: string): GivenCheckpoint | null {
  const checkpoint = parseCheckpoint(readNote(text.endsWith('\n') ? text : `${text}\n`)?.text ?? '');
  if (checkpoint === null || checkpoint.size === 0) return null;
  return { size: checkpoint.size, root: checkpoint.root.toString('hex') };
}
