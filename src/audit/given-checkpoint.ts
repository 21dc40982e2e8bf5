import { existsSync, readFileSync, statSync } from 'node:fs';
import { code } from '../locales/phrase.ts';
import type { Translator } from '../locales/translator.ts';
import type { GivenCheckpoint } from '../requests/ledger/log/verify-log.ts';
import { parseCheckpoint } from '../transparency-log/checkpoint.ts';
import { readNote } from '../transparency-log/signed-note.ts';
import { UsageFailure } from './failure.ts';

/** As messages in the channel show it: the size, and the first digits of the root. */
const shortForm = /^(?<size>[1-9]\d{0,14})[·:. ](?<root>[0-9a-f]{16,64})$/i;

/**
 * Reads what somebody has kept of a checkpoint: the short form of the channel's messages, its whole text, or a file with
 * either. A log has at least one place, so one of size 0 would fit every log and prove nothing. Throws a UsageFailure.
 */
export function givenCheckpoint(textOrFile: string, translator: Translator): GivenCheckpoint {
  const found = checkpointIn(textOrFile);
  if (found === null) throw notACheckpoint(textOrFile, translator);
  return found;
}

/** Null: it is neither a checkpoint nor a file with one. */
export function checkpointIn(textOrFile: string): GivenCheckpoint | null {
  // A text can be too long for a name, for which `statSync` throws.
  const isFile = existsSync(textOrFile) && statSync(textOrFile).isFile();
  const text = isFile ? readFileSync(textOrFile, 'utf8') : textOrFile;
  return shortCheckpoint(text.trim()) ?? wholeCheckpoint(text);
}

export function notACheckpoint(typed: string, translator: Translator): UsageFailure {
  return new UsageFailure(translator.translate('audit.not_a_checkpoint', { typed: [code(typed)] }));
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
