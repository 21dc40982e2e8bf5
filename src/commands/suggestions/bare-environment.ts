import { namesEnvironment } from '../grammar/option-word.ts';
import { fold, splitTokens, type Token, type Word } from '../grammar/text.ts';
import { joiningWords } from '../vocabulary/joiners.ts';
import { environmentCalled, type Vocabulary } from '../vocabulary/vocabulary.ts';

// In all languages in which commands can be typed.
const prepositions = new Set(
  [
    [
      'on',
      'in',
      'for',
      'at',
      'to',
      'into',
      'onto',
      'from',
      'of',
      'within',
      'inside',
      'against',
      'under',
      'via',
      'only',
    ],
    [
      'sur',
      'dans',
      'pour',
      'en',
      'a',
      'au',
      'aux',
      'vers',
      'chez',
      'de',
      'du',
      'des',
      'sous',
      'depuis',
      'contre',
      'cote',
    ],
    ['pa', 'i', 'for', 'till', 'fran', 'av', 'hos', 'mot', 'under', 'inom', 'inne', 'uti', 'at', 'vid', 'bara'],
    [
      'em',
      'no',
      'na',
      'nos',
      'nas',
      'num',
      'numa',
      'para',
      'pra',
      'pro',
      'por',
      'de',
      'do',
      'da',
      'ao',
      'pelo',
      'pela',
    ],
    [
      'su',
      'in',
      'per',
      'nel',
      'nello',
      'nella',
      'nell',
      'sul',
      'sullo',
      'sulla',
      'sull',
      'da',
      'dal',
      'dallo',
      'dalla',
    ],
    ['dall', 'di', 'del', 'dello', 'della', 'dell', 'al', 'allo', 'alla', 'all', 'a', 'verso', 'presso', 'dentro'],
    ['en', 'para', 'por', 'sobre', 'de', 'del', 'al', 'a', 'contra', 'desde', 'hacia', 'dentro', 'solo'],
    [
      'in',
      'ins',
      'im',
      'auf',
      'aufs',
      'fur',
      'furs',
      'bei',
      'beim',
      'an',
      'ans',
      'am',
      'aus',
      'von',
      'vom',
      'zu',
      'zum',
    ],
    ['zur', 'nach', 'gegen', 'innerhalb', 'nur'],
  ].flat(),
);
const articles = new Set([
  'the',
  'l',
  'la',
  'le',
  'les',
  'den',
  'det',
  'o',
  'a',
  'il',
  'lo',
  'el',
  'der',
  'die',
  'das',
  'dem',
]);

/**
 * The word `env` followed by another word, also after a preposition: the dashes are missing, or followed by a space. As a
 * reason it would send `stop WKF110 env stage` to the default environment. Whether `stage` is configured does not matter.
 */
export function bareEnvironmentOption(words: readonly Word[]): Word | null {
  const all = words.filter((word) => !/^\p{Dash}+$/u.test(word.text)).slice(0, 4);
  const [option, value] = afterPreposition(all.flatMap(apart));
  return option !== undefined && value !== undefined && isEnvironment(option) ? option : null;
}

/** "l’environnement" counts as two words. */
function apart(word: Word): readonly Word[] {
  return word.text
    .split(/(?<=^\p{L}{1,4})['’]/u)
    .filter((text) => text !== '')
    .map((text) => ({ ...word, text }));
}

/** "The environment is down" remains a reason: the article goes with the preposition. "Only in" and "dentro de" are two. */
function afterPreposition<W extends Pick<Word, 'text'>>(words: readonly W[]): readonly W[] {
  if (!startsWith(prepositions, words)) return words;
  const behind = words.slice(startsWith(prepositions, words.slice(1)) ? 2 : 1);
  return startsWith(articles, behind) ? behind.slice(1) : behind;
}

function startsWith(some: ReadonlySet<string>, [word]: readonly Pick<Word, 'text'>[]): boolean {
  return word !== undefined && some.has(fold(word.text));
}

function isEnvironment({ text }: Word): boolean {
  return /^[\p{L}\p{M}]+:?$/u.test(text) && namesEnvironment(text);
}

/**
 * The environment at the beginning of the text, also after a preposition or a mark: "on stage", "@stage". As a reason it
 * would send the command to the default environment instead.
 */
export function environmentNamed(text: string, vocabulary: Vocabulary): EnvironmentNamed | null {
  const seen = text.slice(0, mostLookedAt).replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  const words = withoutJoiners(splitTokens(seen).filter(({ kind }) => kind === 'word'));
  // An environment may have the name of a preposition.
  return atBeginning(words, vocabulary) ?? atBeginning(afterPreposition(words), vocabulary);
}

/** "Please on stage", "now in stage". */
function withoutJoiners(words: readonly Token[]): readonly Token[] {
  const first = words.findIndex((_, index) => joiningWords(index + 1, words.slice(0, index + 1)) === 0);
  return first === -1 ? [] : words.slice(first);
}

/** "pre prod" is `pre-prod`, as with aliases. */
function atBeginning([first, second]: readonly Token[], vocabulary: Vocabulary): EnvironmentNamed | null {
  if (first === undefined) return null;
  const [one, two] = [first.text, second?.text];
  const pairs = two === undefined ? [] : ['-', '_'].map((mark) => ({ name: one + mark + two, typed: `${one} ${two}` }));
  const found = [...pairs, { name: one, typed: one }].flatMap(({ name, typed }) => {
    const environment = environmentCalled(vocabulary, fold(name));
    return environment === null ? [] : [{ name: environment, typed }];
  });
  return found[0] ?? null;
}

/** An environment, and the typed word for it. */
export type EnvironmentNamed = { readonly name: string; readonly typed: string };

const mostLookedAt = 200;
