import { holdsOption } from './option-word.ts';
import { unquote } from './quotes.ts';
import { type Reading, read, refuse } from './reading.ts';
import { secondWorkflow } from './second-workflow.ts';
import { excerpt } from './usage-error.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Word } from './words.ts';

/** In code points. */
export const longestReason = 500;

/**
 * Reads the words after the workflow called `first` as a reason, '' when there are none. What looks like an option or
 * like another workflow is refused: somebody meant it to count.
 */
export function readReason(
  text: string,
  words: readonly Word[],
  first: string,
  vocabulary: Vocabulary,
): Reading<string> {
  const second = secondWorkflow(words, vocabulary);
  if (second !== null) return refuse({ problem: 'second_workflow', first, second: excerpt(second) });
  return readProse(text, words);
}

/** The same where no workflow was named before. */
export function readProse(text: string, words: readonly Word[]): Reading<string> {
  const option = words.find((word) => holdsOption(word.text));
  if (option !== undefined) return refuse({ problem: 'option_in_reason', typed: excerpt(option.text) });
  return checkReason(text.slice(words[0]?.at ?? text.length));
}

/** A reason as the ledger keeps it, or why it is too long. */
export function checkReason(typed: string): Reading<string> {
  const reason = tidy(typed);
  const length = [...reason].length;
  return length > longestReason ? refuse({ problem: 'reason_too_long', length, most: longestReason }) : read(reason);
}

/** As typed, on one line. A NUL or half a surrogate pair is nothing that the ledger could keep. */
function tidy(typed: string): string {
  return unquote(
    typed
      .toWellFormed()
      .replace(/[\p{White_Space}\p{Cc}]+/gu, ' ')
      .trim(),
  );
}
