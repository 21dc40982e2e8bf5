import type { Verb } from '../command.ts';
import {
  hourMarks,
  mayNameZone,
  numberWords,
  relativeDays,
  saysWhen,
  singular,
  type TimeOpening,
  timeFillers,
  timeOpenings,
  timeUnits,
  weekdays,
} from '../vocabulary/time-words.ts';
import { clockOf, foldedAt, phraseAtStart, typedOf } from './clock-phrase.ts';
import { durationIn } from './duration.ts';
import { excerpt } from './parse-result.ts';
import type { Word } from './text.ts';

/** Words that may say when, and what may be typed instead. */
export type Doubt = { readonly typed: string; readonly suggestions: readonly string[] };

/**
 * Words without a time that may be meant as one. A stop is urgent: only what says when at its beginning or its end is asked
 * about.
 */
export function doubtWithoutTime(verb: Verb, words: readonly Word[]): Doubt | null {
  if (isQuoted(words)) return null;
  const doubt = doubtAtStart(words) ?? doubtAtEnd(words);
  return doubt !== null || verb === 'stop' ? doubt : (doubtAmong(words, mostBefore) ?? dayAmong(words));
}

/** Words behind a time that may change it: a zone, another time, "on Friday", "in the evening", "thirty". */
export function doubtAfterTime(taken: readonly Word[], rest: readonly Word[]): Doubt | null {
  const first = foldedAt(rest, 0);
  const zone = rest.slice(0, mostBehind).findIndex(({ text }, at) => (at === 0 ? mayNameZone(text) : namesTime(text)));
  if (zone !== -1 && !isQuoted(rest)) return doubtful(typedOf([...taken, ...rest], taken.length + zone + 1));
  if (phraseAtStart(rest) || numberWords.has(first)) return doubtful(typedOf(rest, 2));
  return isQuoted(rest) ? null : doubtAmong(rest, mostBehind, true);
}

/** "London time", "Pariser Zeit" */
function namesTime(word: string): boolean {
  return /^(?:time|zeit|tid)\b/i.test(word);
}

function doubtful(typed: string, suggestions: readonly string[] = []): Doubt {
  return { typed, suggestions };
}

/** "at 1500", "until Friday", "in 30", "tomorrow", "18:00 …", but not "in error" or "at least". */
function doubtAtStart(words: readonly Word[]): Doubt | null {
  const [first, second] = [foldedAt(words, 0), foldedAt(words, 1)];
  const opening = timeOpenings.get(first);
  if (opening !== undefined) return doubtBehind(words, opening);
  if (relativeDays.get(first) === 'tomorrow') return doubtful(typedOf(words, 2));
  const isAlone = words.length === 1;
  if (isAlone && saysWhen(first)) return doubtful(first);
  const clock = /[:h]\d\d/.test(first) ? clockOf(first, false) : null;
  if (clock !== null) return doubtful(typedOf(words, 1), [`at ${clock}`]);
  if (isAlone && durationIn(first) !== null) return doubtful(first, readingsOf(first));
  const isBesideTime = (numberWords.has(first) && saysWhen(second)) || (mayNameZone(first) && timeLike.test(second));
  return isBesideTime ? doubtful(typedOf(words, 2)) : null;
}

/** Before a date, and before any other number: "le 5 segments". */
const articles: ReadonlySet<string> = new Set('el il le na no nel den'.split(' '));

/** What stands behind an opening: "at" + "1500", "until" + "the end of the day", "in" + "an hour". */
function doubtBehind(words: readonly Word[], opening: TimeOpening): Doubt | null {
  let at = 1;
  while (at < 3 && timeFillers.has(foldedAt(words, at))) at += 1;
  const word = foldedAt(words, at);
  const isLast = at === words.length - 1;
  if (word === '') return null;
  const typed = typedOf(words, at + 1);
  if (/^\d/.test(word)) {
    return articles.has(foldedAt(words, 0)) && !isLast && !/^\d{1,2}(?:[:.h]\d\d|h)$/.test(word)
      ? null
      : doubtful(typed, suggested(opening, word));
  }
  if (saysWhen(word) || isNumber(words, at, opening)) return doubtful(typed);
  const span = spanEnd(words, at);
  return span === null || opening === 'near' ? null : doubtful(typedOf(words, span));
}

/** "at six", but not "at once", and of a span only where nothing follows: "in three countries". */
function isNumber(words: readonly Word[], at: number, opening: TimeOpening): boolean {
  const word = foldedAt(words, at);
  const isLast = at === words.length - 1;
  if (isLast && singular.has(word) && at > 1) return true;
  if (!numberWords.has(word) || (word === 'once' && at === 1)) return false;
  return isLast || opening === 'at' || opening === 'until';
}

/** Where a span in words ends: "an hour", "half an hour", "zwei Stunden", "mezz’ora". */
function spanEnd(words: readonly Word[], start: number): number | null {
  let at = start;
  while (at < start + 3 && (singular.has(foldedAt(words, at)) || numberWords.has(foldedAt(words, at)))) at += 1;
  const word = foldedAt(words, at).replace(/^(?:un|mezz|d)['’]|^demi-/, '');
  const isUnit = word.length > 2 && (timeUnits.has(word) || hourMarks.has(word));
  return isUnit ? at + 1 : null;
}

/** "1500" is 15:00, "18" is 18:00, "30m" is in half an hour. */
function suggested(opening: TimeOpening, word: string): readonly string[] {
  if (opening === 'on' || opening === 'near') return [];
  const digits = /^(?<hours>\d{1,2})(?<minutes>\d\d)$/.exec(word)?.groups;
  const clock = /^\d{1,2}$/.test(word) ? `${word}:00` : digits ? `${digits.hours}:${digits.minutes}` : word;
  const time = opening === 'in' ? null : clockOf(clock, true);
  const isSpan = durationIn(word) !== null && opening !== 'until';
  return [...(time === null ? [] : [`${opening} ${time}`]), ...(isSpan ? [`in ${word}`] : [])];
}

/** "18h" is a time of day for some, and a span for others. */
function readingsOf(duration: string): readonly string[] {
  return suggested('at', duration);
}

const longestPhrase = 6;

/** "wrong audience until 18:00", "please at six": what says when at the end may be meant for the command, or for the reason. */
function doubtAtEnd(words: readonly Word[]): Doubt | null {
  for (let start = Math.max(1, words.length - longestPhrase); start < words.length; start += 1) {
    const behind = words.slice(start);
    const phrase = phraseAtStart(behind);
    if (phrase !== null && phrase.length === behind.length) {
      const { typed } = phrase.when;
      // Another word that says when would be left out: "4 Dec at 06:00".
      const isWhole = doubtAmong(words.slice(0, start), start, true) === null;
      return doubtful(typed, [...(isWhole ? [excerpt(typed)] : []), ...quoted(words)]);
    }
    const opening = timeOpenings.get(foldedAt(behind, 0));
    const isTimed = opening === 'at' || opening === 'in' || opening === 'until';
    const doubt = isTimed ? doubtBehind(behind, opening) : null;
    if (doubt !== null && doubt.typed === typedOf(behind, behind.length)) {
      return doubtful(doubt.typed, [...doubt.suggestions, ...quoted(words)]);
    }
  }
  return null;
}

/** The words as a reason, if they can be shown as a whole. */
function quoted(words: readonly Word[]): readonly string[] {
  const reason = `"${words.map(({ text }) => text).join(' ')}"`;
  return words.some(({ text }) => text.includes('"')) || excerpt(reason) !== reason ? [] : [reason];
}

/** Among this many words behind a time, or at the beginning of what looks like a reason, a word that says when is asked about. */
const mostBehind = 3;
const mostBefore = 3;

const timeLike = /^(?:\d{1,2}[:.h]\d{2}|\d{1,2}(?:am|pm|h)$|\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.|\d{1,2}\/\d{1,2})/;

/** A word that says when, among the first ones. `anyNumber`: a number may belong to the time before it. */
function doubtAmong(words: readonly Word[], most: number, anyNumber = false): Doubt | null {
  for (const at of words.slice(0, most).keys()) {
    const word = foldedAt(words, at).replace(/^[@(~]+/, '');
    if (saysWhen(word) || timeLike.test(word) || (anyNumber && /^\d/.test(word))) {
      return doubtful(typedOf(words, at + 1), anyNumber ? [] : quoted(words));
    }
  }
  return null;
}

/** "please start it on Friday", "bitte erst ab morgen": a day anywhere. */
function dayAmong(words: readonly Word[]): Doubt | null {
  const day = words.findIndex((_, at) => {
    const word = foldedAt(words, at);
    const isOpened = timeOpenings.has(foldedAt(words, at - 1));
    return weekdays.has(word) || (isOpened && relativeDays.get(word) === 'tomorrow');
  });
  return day === -1 ? null : doubtful(typedOf(words, day + 1), quoted(words));
}

/** Words in quotation marks are a reason. */
export function isQuoted([first]: readonly Word[]): boolean {
  return /^[\p{Pi}\p{Pf}"`‚„‛‟']/u.test(first?.text ?? '');
}
