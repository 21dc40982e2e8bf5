import { fold } from './folded.ts';
import { joiners } from './joiners.ts';
import { isPunctuation, listSeparator, withoutPunctuation } from './name-punctuation.ts';
import { findAlias, type Vocabulary } from './vocabulary.ts';
import type { Word } from './words.ts';
import { beginsLikeGivenId } from './workflow-id.ts';

/** The workflow that the words begin with, after what joins it to one before. Null when they begin otherwise. */
export function secondWorkflow(words: readonly Word[], vocabulary: Vocabulary): string | null {
  // The first word is looked at in any case: an alias may be called "plus".
  const places = [words[0], words.find((word) => !isJoiner(word.text))];
  const names = places.map((word) => (word === undefined ? null : workflowIn(word.text, vocabulary)));
  return names.find((name) => name !== null) ?? null;
}

function workflowIn(text: string, vocabulary: Vocabulary): string | null {
  const bare = withoutPunctuation(text);
  const [head = ''] = bare.split(listSeparator, 1).map(withoutPunctuation);
  if (beginsLikeGivenId(head)) return head;
  return [text, bare, head].find((name) => findAlias(vocabulary, name) !== null) ?? null;
}

function isJoiner(text: string): boolean {
  return isPunctuation(text) || joiners.has(fold(withoutPunctuation(text)));
}
