import { relativeDays, type TimeOpening, timeOpenings, weekdays } from '../vocabulary/time-words.ts';
import { foldedAt, phraseAtStart, typedOf } from './clock-phrase.ts';
import { type Doubt, doubtful, quoted } from './doubt.ts';
import { excerpt } from './parse-result.ts';
import type { Word } from './text.ts';

/** "please start it on Friday", "could you do it at 18:00 for us": a day, or a time with its opening, behind any other words. */
export function timeAnywhere(words: readonly Word[]): Doubt | null {
  for (const at of words.keys()) {
    const found = dayAt(words, at) ?? openedTimeAt(words, at);
    if (found !== null) return found;
  }
  return null;
}

function dayAt(words: readonly Word[], at: number): Doubt | null {
  const word = foldedAt(words, at);
  const isOpened = timeOpenings.has(foldedAt(words, at - 1));
  const isDay = weekdays.has(word) || (isOpened && relativeDays.get(word) === 'tomorrow');
  return isDay ? doubtful(typedOf(words, at + 1), quoted(words)) : null;
}

const longestPhrase = 10;

const opened: readonly (TimeOpening | 'for' | null)[] = ['at', 'in', 'until'];

function openedTimeAt(words: readonly Word[], at: number): Doubt | null {
  const phrase = phraseAtStart(words.slice(at, at + longestPhrase));
  if (phrase === null || !opened.includes(phrase.opening)) return null;
  const { typed } = phrase.when;
  // "there was a 2h delay"
  const isArticle = /^as?$/i.test(words[at]?.text ?? '');
  return doubtful(typed, [...(isArticle ? [] : [excerpt(typed)]), ...quoted(words)]);
}
