import { fold } from './folded.ts';
import { holdsOption } from './option-word.ts';
import { unquote } from './quotes.ts';
import { type ParseResult, parsed, refuse } from './reading.ts';
import { secondWorkflow } from './second-workflow.ts';
import { asLine, commandsIn } from './several-commands.ts';
import { withReferencesNamed } from './slack-references.ts';
import { lineBreak } from './tokens.ts';
import type { CommandText } from './typed.ts';
import { excerpt } from './usage-error.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Word } from './words.ts';

/** In code points. */
export const longestReason = 500;

/**
 * Reads the words after the workflow called `first` as a reason, '' when there are none. What looks like a command, an
 * option or another workflow is refused: somebody meant it to count.
 */
export function readReason(typed: CommandText, words: readonly Word[], first: string): ParseResult<string> {
  const several = severalCommands(typed, words);
  if (several !== null) return several;
  const second = linesOf(words, typed.text)
    .map((line) => secondWorkflow(line, typed.vocabulary))
    .find((name) => name !== null);
  if (second != null) return refuse({ problem: 'second_workflow', first, second: excerpt(second) });
  return readProse(typed, words);
}

/** The words from the beginning of each line on: a pasted list has a workflow there. */
function linesOf(words: readonly Word[], text: string): readonly (readonly Word[])[] {
  const starts = words.flatMap(({ at }, index) => {
    const before = words[index - 1];
    return before === undefined || lineBreak.test(text.slice(before.at, at)) ? [index] : [];
  });
  return starts.slice(0, mostLines).map((start) => words.slice(start, start + mostWordsToName));
}

const mostLines = 100;
const mostWordsToName = 8;

/** The same where no workflow was named before. */
export function readProse(typed: CommandText, words: readonly Word[]): ParseResult<string> {
  const several = severalCommands(typed, words);
  if (several !== null) return several;
  const option = words.find((word) => holdsOption(word.text));
  if (option !== undefined) return refuse({ problem: 'option_in_reason', typed: excerpt(option.text) });
  return tidied(typed.text.slice(startOf(words, typed.text)));
}

/** Refuses what holds more than one command: those in `words`, and the one before them where there is one. */
export function severalCommands({ text, vocabulary }: CommandText, words: readonly Word[]) {
  const start = startOf(words, text);
  const head = text.slice(0, start);
  const { before, commands } = commandsIn(text.slice(start), vocabulary, endsLine(head));
  if (commands.length === 0) return null;
  const [first = '', ...others] = [asLine((head + before).replace(address, '')), ...commands].filter(
    (line) => line !== '',
  );
  return others.length === 0 ? null : refuse({ problem: 'several_commands', first, others });
}

/** The slash command, or a mention of the bot, that was pasted along. */
const address = /^\s*(?:<@\w{1,40}(?:\|[^<>]{0,200})?>\s*)?(?:[^\p{L}\p{N}]{0,10}campaign-wf(?!\S))?/iu;

function endsLine(text: string): boolean {
  return lineBreak.test(text.slice(text.trimEnd().length));
}

const placeholders = new Set(['reason', 'motif', 'anledning', 'motivo', 'grund']);

/** Whether it says anything: it has letters or digits beside its emoji, and is not the `[reason]` of a help text in any language. */
export function givesReason(reason: string): boolean {
  const words = reason.replace(emoji, ' ').replace(/\p{Default_Ignorable_Code_Point}|\p{M}/gu, '');
  const said = words.match(/[\p{L}\p{N}]+/gu) ?? [];
  return said.some((word) => !placeholders.has(fold(word)));
}

/** By its name in Slack, or a digit in a box. */
const emoji = /(?<!\w):[\w+-]{1,100}:(?!\w)|[0-9#*]\ufe0f?\u20e3/g;

function startOf([word]: readonly Word[], text: string): number {
  return word?.at ?? text.length;
}

/** A reason from a form, as the ledger keeps it, or why it is none. */
export function checkReason(typed: string, vocabulary: Vocabulary): ParseResult<string> {
  const { commands } = commandsIn(typed, vocabulary, true);
  if (commands.length > 0) return refuse({ problem: 'several_commands', first: null, others: commands });
  return tidied(typed);
}

function tidied(typed: string): ParseResult<string> {
  const reason = tidy(typed);
  const length = [...reason].length;
  return length > longestReason ? refuse({ problem: 'reason_too_long', length, most: longestReason }) : parsed(reason);
}

/** As Slack shows it to whoever types it, on one line. A NUL or half a surrogate pair is nothing that the ledger could keep. */
function tidy(typed: string): string {
  return unquote(
    withReferencesNamed(typed)
      .toWellFormed()
      .replace(/[\p{White_Space}\p{Cc}]+/gu, ' ')
      .trim(),
  );
}
