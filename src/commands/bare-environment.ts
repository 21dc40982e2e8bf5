import { folded } from './folded.ts';
import { namesEnvironment } from './option-word.ts';
import { splitTokens } from './tokens.ts';
import { environmentCalled, type Vocabulary } from './vocabulary.ts';
import type { Word } from './words.ts';

// In the languages that commands can be typed in.
const prepositions = new Set(
  [
    ['on', 'in', 'for', 'at', 'to', 'into', 'onto', 'from', 'of', 'within', 'inside', 'against', 'under', 'via'],
    ['sur', 'dans', 'pour', 'en', 'a', 'au', 'vers', 'chez', 'de', 'du', 'sous'],
    ['pa', 'i', 'for', 'till', 'fran', 'av', 'hos', 'mot', 'under'],
    ['em', 'no', 'na', 'para', 'por', 'de', 'do', 'da', 'ao', 'pelo'],
    [
      'su',
      'in',
      'per',
      'nell',
      'sull',
      'nel',
      'sul',
      'nella',
      'sulla',
      'nello',
      'sullo',
      'da',
      'di',
      'del',
      'dello',
      'al',
      'allo',
      'all',
      'a',
    ],
    ['en', 'para', 'por', 'sobre', 'de', 'del', 'al', 'a', 'contra', 'desde'],
    ['in', 'auf', 'fur', 'bei', 'im', 'an', 'am', 'aus', 'von', 'zu', 'zur', 'nach', 'gegen'],
  ].flat(),
);
const articles = new Set(['the', 'l', 'la', 'le', 'il', 'lo', 'o', 'el', 'den', 'der', 'die', 'das', 'dem']);

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
function afterPreposition<W extends Pick<Word, 'text'>>(words: readonly W[]): readonly W[] {
  if (!startsWith(prepositions, words)) return words;
  return startsWith(articles, words.slice(1)) ? words.slice(2) : words.slice(1);
}

function startsWith(some: ReadonlySet<string>, [word]: readonly Pick<Word, 'text'>[]): boolean {
  return word !== undefined && some.has(folded(word.text));
}

function isEnvironment({ text }: Word): boolean {
  return /^[\p{L}\p{M}]+:?$/u.test(text) && namesEnvironment(text);
}

/**
 * The environment whose name the text begins with, also behind a preposition or a mark: "on stage", "@stage". As a
 * reason it would send the command to the default environment instead.
 */
export function environmentNamed(text: string, vocabulary: Vocabulary): EnvironmentNamed | null {
  const seen = text.slice(0, mostLookedAt).replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  const words = splitTokens(seen).filter(({ kind }) => kind === 'word');
  const [word] = afterPreposition(words);
  // An environment may be called like a preposition.
  const named = [words[0], word].flatMap((one) => {
    const name = one === undefined ? null : environmentCalled(vocabulary, one.text);
    return one === undefined || name === null ? [] : [{ name, typed: one.text }];
  });
  return named[0] ?? null;
}

/** An environment, and the word for it that was typed. */
export type EnvironmentNamed = { readonly name: string; readonly typed: string };

const mostLookedAt = 200;
