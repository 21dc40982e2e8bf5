import { alternatives, companions, joiners, nameFillers, spans } from '../vocabulary/joiners.ts';
import { findAlias, type Vocabulary } from '../vocabulary/vocabulary.ts';
import { beginsLine, endsInSeparator, fold, isPunctuation, unquote, type Word, withoutPunctuation } from './text.ts';

/** The words between two workflows. */
export type Between = {
  /** How many there are. */
  readonly length: number;
  /** `with`: by a word that begins a reason as often as it continues a list. */
  readonly joined: 'no' | 'with' | 'list';
  /** By "or", a range, a bracket or another mark, which do not say that both workflows are meant. */
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
  for (const word of words.slice(0, mostBetween)) {
    const link = findAlias(vocabulary, unquote(word.text)) === null ? linkOf(word, text) : null;
    if (link === null) break;
    links.push(link);
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

function linkOf({ text, at }: Word, typed: string): Link | null {
  if (/^[,;+&|/]+$/.test(text) || isBullet({ text, at }, typed)) return 'list';
  const name = fold(withoutPunctuation(text));
  if (isPunctuation(name) || /^_*$/.test(name) || alternatives.has(name)) return 'doubt';
  if (spans.has(name)) return 'span';
  if (companions.has(name)) return 'with';
  if (joiners.has(name)) return 'list';
  return nameFillers.has(name) ? 'filler' : null;
}

/** A bullet or "2." at the beginning of a line. */
export function isBullet({ text, at }: Word, typed: string): boolean {
  return /^(?:[\p{Dash}*•·‣◦]|\d{1,2}[.)])$/u.test(text) && beginsLine(typed, at);
}
