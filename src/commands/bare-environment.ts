import type { Word } from './words.ts';

const prepositions = new Set(['on', 'in', 'for', 'at', 'to']);

/**
 * The word `env` where another follows it, also behind a preposition: somebody left the dashes out, or put a space
 * behind them. As a reason it would send `stop WKF110 env stage` to the default environment, and whether `stage` is
 * configured says nothing about what was meant.
 */
export function bareEnvironmentOption(words: readonly Word[]): Word | null {
  const [first, ...others] = words.filter((word) => !/^\p{Dash}+$/u.test(word.text)).slice(0, 3);
  if (first === undefined) return null;
  const [option, value] = prepositions.has(first.text.toLowerCase()) ? others : [first, ...others];
  if (option === undefined || value === undefined) return null;
  return /^env(?:ironment)?:?$/i.test(option.text) ? option : null;
}
