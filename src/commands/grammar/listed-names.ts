import { meaningOf } from '../vocabulary/command-names.ts';
import { beginsLikeGivenId } from '../vocabulary/ids.ts';
import { alternatives, joiners } from '../vocabulary/joiners.ts';
import { findAlias, type Vocabulary } from '../vocabulary/vocabulary.ts';
import { isId } from './resolve-workflow.ts';
import { fold, isPunctuation, listSeparator, unquote, type Word, withoutPunctuation } from './text.ts';

/** Names at the beginning of the words, and the words behind them. */
export type NamesAhead = { readonly names: readonly string[]; readonly rest: readonly Word[] };

/** The names in a first word such as `WKF110,WKF111`, or `WKF110,` before another workflow. Null: it is not a list. */
export function namesAtStart([word, ...rest]: readonly Word[], vocabulary: Vocabulary): NamesAhead | null {
  if (word === undefined || findAlias(vocabulary, unquote(word.text)) !== null) return null;
  const names = word.text
    .split(listSeparator)
    .map(unquote)
    .filter((part) => part !== '');
  // "WKF1,stop WKF2"
  if (names.some((name) => meaningOf(name).length > 0)) return null;
  const isList = names.length > 1 || (listSeparator.test(word.text) && secondWorkflow(rest, vocabulary) !== null);
  return isList && names.every((name) => isId(name) || findAlias(vocabulary, name) !== null) ? { names, rest } : null;
}

/**
 * The names in the next word, behind joiners such as "and". Null if it is no workflow: an alias, or an ID as Campaign
 * assigns it. Any other word may begin the reason. `isDoubtful`: behind "or".
 */
export function furtherNames(
  words: readonly Word[],
  vocabulary: Vocabulary,
): (NamesAhead & { readonly isDoubtful: boolean }) | null {
  const at = workflowAt(words, vocabulary);
  const word = at === null ? undefined : words[at];
  if (at === null || word === undefined) return null;
  const isDoubtful = words.slice(0, at).some(({ text }) => alternatives.has(fold(withoutPunctuation(text))));
  return { names: namesIn(word.text, vocabulary), rest: words.slice(at + 1), isDoubtful };
}

/** `WKF111,nightly-load` has two names, an alias may contain a comma. */
function namesIn(text: string, vocabulary: Vocabulary): readonly string[] {
  const bare = withoutPunctuation(text);
  const alias = [unquote(text), bare].find((name) => findAlias(vocabulary, name) !== null);
  if (alias !== undefined) return [alias];
  return bare
    .split(listSeparator)
    .map(withoutPunctuation)
    .filter((name) => name !== '');
}

/** The workflow at the beginning of the words, after a joiner. Null without one. */
export function secondWorkflow(words: readonly Word[], vocabulary: Vocabulary): string | null {
  const at = workflowAt(words, vocabulary);
  return at === null ? null : workflowIn(words[at]?.text ?? '', vocabulary);
}

function workflowAt(words: readonly Word[], vocabulary: Vocabulary): number | null {
  // The first word always counts as a possible workflow: an alias may be called "plus".
  const places = [0, words.findIndex((word) => !isJoiner(word.text))];
  return places.find((at) => workflowIn(words[at]?.text ?? '', vocabulary) !== null) ?? null;
}

function workflowIn(text: string, vocabulary: Vocabulary): string | null {
  const bare = withoutPunctuation(text);
  const [head = ''] = bare.split(listSeparator, 1).map(withoutPunctuation);
  if (beginsLikeGivenId(head)) return head;
  return [unquote(text), bare, head].find((name) => findAlias(vocabulary, name) !== null) ?? null;
}

function isJoiner(text: string): boolean {
  return isPunctuation(text) || joiners.has(fold(withoutPunctuation(text)));
}
