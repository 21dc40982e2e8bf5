import {
  comingMoments,
  comingParts,
  comingPhrases,
  courtesies,
  lastingWords,
  nextWords,
  numberWords,
  saysWhen,
  singular,
  thisWords,
  timeChangers,
  timeFillers,
  timeHedges,
  timeOpenings,
} from '../vocabulary/time-words.ts';
import { foldedAt } from './clock-phrase.ts';
import type { Word } from './text.ts';

/** Where a moment to come ends with which the words begin: "tonight", "this evening", "next week", "la semaine prochaine". */
export function comingMomentEnd(words: readonly Word[]): number | null {
  if (comingMoments.has(foldedAt(words, 0))) return 1;
  const phrase = comingPhrases.find((one) => one.every((word, at) => foldedAt(words, at) === word));
  if (phrase !== undefined) return phrase.length;
  if (thisWords.has(foldedAt(words, 0))) {
    // "hoy por la tarde", "hoje à noite"
    const part = afterSmall(words, 1);
    return comingParts.has(foldedAt(words, part)) ? part + 1 : null;
  }
  const start = Math.min(1, afterSmall(words, 0));
  const [first, second] = [foldedAt(words, start), foldedAt(words, start + 1)];
  const isNext = (nextWords.has(first) && saysWhen(second)) || (saysWhen(first) && nextWords.has(second));
  return isNext ? start + 2 : null;
}

function afterSmall(words: readonly Word[], start: number): number {
  let at = start;
  while (at < start + 2 && [timeFillers, timeOpenings].some((known) => known.has(foldedAt(words, at)))) at += 1;
  return at;
}

const besideTimes = [
  ...[timeFillers, timeOpenings, timeHedges, timeChangers, lastingWords],
  ...[numberWords, singular, thisWords, nextWords, courtesies],
];

/** Whether each of the words belongs to a time or is only polite: "some time this evening, please" is no reason. */
export function isOnlyTime(words: readonly Word[]): boolean {
  const folded = words.map((_, at) => foldedAt(words, at));
  const belongs = (word: string) =>
    saysWhen(word) || comingParts.has(word) || /^\d/.test(word) || besideTimes.some((known) => known.has(word));
  return folded.some((word) => saysWhen(word) || comingParts.has(word)) && folded.every(belongs);
}
