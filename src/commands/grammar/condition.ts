import type { Verb } from '../command.ts';
import { furtherNotice, opensCondition } from '../vocabulary/conditions.ts';
import { timeOpenings } from '../vocabulary/time-words.ts';
import { foldedAt, typedOf } from './clock-phrase.ts';
import { type Doubt, doubtful, isQuoted, quoted } from './doubt.ts';
import type { Word } from './text.ts';

/** As much of a condition as shows which words are meant. */
const shownWords = 8;
const longestOpening = 4;

/**
 * "once the load is done", "until the data is there": the command would be sent at once, without waiting for that. A stop is
 * urgent: what may begin its reason is none of one ("when it failed it sent twice", "until the data is fixed").
 */
export function conditionIn(verb: Verb, words: readonly Word[]): Doubt | null {
  if (isQuoted(words)) return null;
  const folded = words.slice(0, longestOpening).map((_, at) => foldedAt(words, at));
  const isDoubted = verb !== 'stop';
  const isUntilSomething = isDoubted && saysUntil(words) && !folded.some((word) => furtherNotice.has(word));
  const isCondition = isUntilSomething || opensCondition(folded, isDoubted);
  return isCondition ? doubtful(typedOf(words, shownWords), quoted(words)) : null;
}

/** Whether the words say until when, or until what. */
export function saysUntil(words: readonly Word[]): boolean {
  return timeOpenings.get(foldedAt(words, 0)) === 'until';
}
