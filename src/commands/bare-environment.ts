import { unquote } from './quotes.ts';
import { findEnvironment, type Vocabulary } from './vocabulary.ts';
import type { Word } from './words.ts';

/**
 * The word `env` where an environment follows it: somebody left the dashes out, or put a space behind them. As a
 * reason it would send `stop WKF110 env stage` to the default environment.
 */
export function bareEnvironmentOption(words: readonly Word[], vocabulary: Vocabulary): Word | null {
  const start = words.findIndex((word) => !/^\p{Dash}+$/u.test(word.text));
  const [option, value] = start < 0 ? [] : words.slice(start, start + 2);
  if (option === undefined || value === undefined) return null;
  if (!/^env(?:ironment)?:?$/i.test(option.text)) return null;
  return findEnvironment(vocabulary, unquote(value.text)) === null ? null : option;
}
