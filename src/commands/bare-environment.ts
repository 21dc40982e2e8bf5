import { folded } from './folded.ts';
import { namesEnvironment } from './option-word.ts';
import type { Word } from './words.ts';

// In the languages that commands can be typed in.
const prepositions = new Set(
  [
    ['on', 'in', 'for', 'at', 'to'],
    ['sur', 'dans', 'pour', 'en', 'a'],
    ['pa', 'i', 'for', 'till'],
    ['em', 'no', 'na', 'para', 'por'],
    ['su', 'in', 'per', 'nell', 'sull'],
    ['en', 'para', 'por'],
    ['in', 'auf', 'fur', 'bei'],
  ].flat(),
);
const articles = new Set(['the', 'l', 'o', 'el', 'der', 'die']);

/**
 * The word `env` where another follows it, also behind a preposition: somebody left the dashes out, or put a space
 * behind them. As a reason it would send `stop WKF110 env stage` to the default environment, and whether `stage` is
 * configured says nothing about what was meant.
 */
export function bareEnvironmentOption(words: readonly Word[]): Word | null {
  const all = words.filter((word) => !/^\p{Dash}+$/u.test(word.text)).slice(0, 4);
  const [option, value] = afterPreposition(all.flatMap(apart));
  return option !== undefined && value !== undefined && isEnvironment(option) ? option : null;
}

/** "l’environnement" is two words. */
function apart(word: Word): readonly Word[] {
  return word.text
    .split(/(?<=^\p{L}{1,4})['’]/u)
    .filter((text) => text !== '')
    .map((text) => ({ ...word, text }));
}

/** "The environment is down" remains a reason: the article goes with the preposition. */
function afterPreposition(words: readonly Word[]): readonly Word[] {
  if (!startsWith(prepositions, words)) return words;
  return startsWith(articles, words.slice(1)) ? words.slice(2) : words.slice(1);
}

function startsWith(some: ReadonlySet<string>, [word]: readonly Word[]): boolean {
  return word !== undefined && some.has(folded(word.text));
}

function isEnvironment({ text }: Word): boolean {
  return /^[\p{L}\p{M}]+:?$/u.test(text) && namesEnvironment(text);
}
