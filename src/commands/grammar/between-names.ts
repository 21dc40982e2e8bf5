import {
  alternatives,
  companions,
  exclusions,
  joiners,
  joiningPhrases,
  nameFillers,
  spans,
} from '../vocabulary/joiners.ts';
import { findAlias, type Vocabulary } from '../vocabulary/vocabulary.ts';
import { beginsLine, endsInSeparator, fold, isPunctuation, unquote, type Word, withoutPunctuation } from './text.ts';

/** The words between two workflows. */
export type Between = {
  /** How many there are. */
  readonly length: number;
  /** `with`: by a word that begins a reason as often as it continues a list. */
  readonly joined: 'no' | 'with' | 'list';
  /** By "or", "except", a range, a bracket or another mark, which do not say that both workflows are meant. */
  readonly isDoubted: boolean;
  /** "the", "workflow" */
  readonly hasFillers: boolean;
  /** Only words that are common in sentences: "the", "to". */
  readonly isLoose: boolean;
};

type Link = 'list' | 'with' | 'doubt' | 'span' | 'filler';

/** What joins the beginning of the words to the workflow before them. An alias may be called "plus". */
export function wordsBetween(
  words: readonly Word[],
  { text, vocabulary }: { readonly text: string; readonly vocabulary: Vocabulary },
): Between {
  const links: Link[] = [];
  while (links.length < mostBetween) {
    const more = linksAt(words.slice(links.length), text, vocabulary);
    if (more.length === 0) break;
    links.push(...more);
  }
  const [first] = words;
  const isListed = links.includes('list') || (first !== undefined && endsInSeparator(text, first.at));
  return {
    length: links.length,
    joined: isListed ? 'list' : links.includes('with') ? 'with' : 'no',
    isDoubted: links.includes('doubt') || links.includes('span'),
    hasFillers: links.includes('filler'),
    isLoose: links.length > 0 && !isListed && links.every((link) => link === 'span' || link === 'filler'),
  };
}

const mostBetween = 8;

/** What the first word is, or the first words together; empty where they join nothing. */
function linksAt(words: readonly Word[], typed: string, vocabulary: Vocabulary): readonly Link[] {
  const [word] = words;
  if (word === undefined || findAlias(vocabulary, unquote(word.text)) !== null) return [];
  const link = linkOf(word, typed);
  return link === null ? Array<Link>(phraseAt(words)).fill('list') : [link];
}

/** How many of the first words are a phrase such as "as well as". */
function phraseAt(words: readonly Word[]): number {
  const first = words.slice(0, longestPhrase).map(({ text }) => fold(text));
  return first.findLastIndex((_, last) => joiningPhrases.has(first.slice(0, last + 1).join(' '))) + 1;
}

const longestPhrase = 3;

function linkOf({ text, at }: Word, typed: string): Link | null {
  if (/^[,;+&|/]+$/.test(text) || isBullet({ text, at }, typed)) return 'list';
  const name = fold(withoutPunctuation(text));
  if (isPunctuation(name) || /^_*$/.test(name) || alternatives.has(name) || exclusions.has(name)) return 'doubt';
  if (spans.has(name)) return 'span';
  if (companions.has(name)) return 'with';
  if (joiners.has(name)) return 'list';
  return nameFillers.has(name) ? 'filler' : null;
}

/** A bullet or "2." at the beginning of a line. */
export function isBullet({ text, at }: Word, typed: string): boolean {
  return /^(?:[\p{Dash}*•·‣◦]|\d{1,2}[.)])$/u.test(text) && beginsLine(typed, at);
}
