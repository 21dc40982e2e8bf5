import { folded } from './folded.ts';
import { isPunctuation, listSeparator, withoutPunctuation } from './name-punctuation.ts';
import { findAlias, type Vocabulary } from './vocabulary.ts';
import type { Word } from './words.ts';
import { beginsLikeGivenId } from './workflow-id.ts';

// What joins two names, in the languages that commands can be typed in. Other words before a name make it part of a
// reason: "because WKF111 failed" is a good one.
const joiners = new Set(
  [
    ['and', 'or', 'with', 'also', 'plus', 'then'],
    ['et', 'ou', 'avec', 'aussi', 'puis'],
    ['och', 'eller', 'med', 'samt', 'ocksa', 'sedan'],
    ['e', 'ou', 'com', 'tambem', 'mais', 'depois'],
    ['e', 'ed', 'o', 'oppure', 'con', 'anche', 'piu', 'poi'],
    ['y', 'e', 'o', 'u', 'con', 'tambien', 'mas', 'luego'],
    ['und', 'oder', 'mit', 'auch', 'sowie', 'dann'],
  ].flat(),
);

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
  return isPunctuation(text) || joiners.has(folded(withoutPunctuation(text)));
}
