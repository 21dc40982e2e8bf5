import type { Verb } from '../command.ts';
import {
  clockCopulas,
  clockWords,
  comingParts,
  frequencies,
  halfWords,
  hourMarks,
  mayNameZone,
  momentConjunctions,
  namedClocks,
  numberWords,
  relativeDays,
  repeatWords,
  saysWhen,
  shortMonths,
  singular,
  spanJoiners,
  type TimeOpening,
  timeChangers,
  timeFillers,
  timeHedges,
  timeOpenings,
  timeUnits,
  weekdays,
} from '../vocabulary/time-words.ts';
import { clockOf, foldedAt, phraseAtStart, spanAt, typedOf } from './clock-phrase.ts';
import { comingMomentEnd, isOnlyTime } from './coming-moment.ts';
import { type Doubt, doubtful, isQuoted, quoted } from './doubt.ts';
import { timeAnywhere } from './doubts-anywhere.ts';
import { durationIn } from './duration.ts';
import { excerpt } from './parse-result.ts';
import type { Word } from './text.ts';

/**
 * Words without a time that may be meant as one. A stop is urgent: only what says when at its beginning or its end is asked
 * about.
 */
export function doubtWithoutTime(verb: Verb, words: readonly Word[]): Doubt | null {
  if (isQuoted(words)) return null;
  const doubt =
    openingAlone(words) ??
    doubtAtStart(words) ??
    doubtBehindHedge(words) ??
    doubtOfComing(words) ??
    doubtAtEnd(words, verb === 'pause') ??
    doubtAmongFew(words);
  return doubt !== null || verb === 'stop' ? doubt : (doubtAmong(words, mostBefore) ?? timeAnywhere(words));
}

/** Words behind a time that may change it: a zone, another time, "on Friday", "in the evening", "thirty". */
export function doubtAfterTime(taken: readonly Word[], rest: readonly Word[]): Doubt | null {
  const first = foldedAt(rest, 0);
  const zone = rest.slice(0, mostBehind).findIndex(({ text }, at) => (at === 0 ? mayNameZone(text) : namesTime(text)));
  if (zone !== -1 && !isQuoted(rest)) return doubtful(typedOf([...taken, ...rest], taken.length + zone + 1));
  if (phraseAtStart(rest) || numberWords.has(first) || isHalfMore(rest)) return doubtful(typedOf(rest, 2));
  return isQuoted(rest) ? null : doubtAmong(rest, mostBehind, true);
}

/** "2 hours and a half", "2 horas y media" */
function isHalfMore(words: readonly Word[]): boolean {
  return spanJoiners.has(foldedAt(words, 0)) && [1, 2].some((at) => halfWords.has(foldedAt(words, at)));
}

/** "London time", "Pariser Zeit" */
function namesTime(word: string): boolean {
  return /^(?:time|zeit|tid)\b/i.test(word);
}

/** "start WKF110 at" was sent too early. */
function openingAlone(words: readonly Word[]): Doubt | null {
  const first = foldedAt(words, 0);
  return words.length === 1 && timeOpenings.has(first) ? doubtful(first) : null;
}

/** "at 1500", "until Friday", "in 30", "tomorrow", "18:00 …", but not "in error" or "at least". */
function doubtAtStart(words: readonly Word[]): Doubt | null {
  const [first, second] = [foldedAt(words, 0), foldedAt(words, 1)];
  const opening = timeOpenings.get(first);
  if (opening !== undefined) return doubtBehind(words, opening);
  if (relativeDays.get(first) === 'tomorrow' || isDayOfMonth(words, 0)) return doubtful(typedOf(words, 2));
  const isAlone = words.length === 1;
  if (isAlone && saysWhen(first)) return doubtful(first);
  if (isAlone && frequencies.has(first)) return doubtful(first, quoted(words));
  const clock = /[:h]\d\d|\d[ap]m$/.test(first) ? clockOf(first, false) : null;
  if (clock !== null) return doubtful(typedOf(words, 1), [`at ${clock}`]);
  if (isAlone && durationIn(first) !== null) return doubtful(first, readingsOf(first));
  const isBesideTime = (numberWords.has(first) && saysWhen(second)) || (mayNameZone(first) && timeLike.test(second));
  return isBesideTime ? doubtful(typedOf(words, 2)) : null;
}

/** "Dec 24", "24th Dec" */
function isDayOfMonth(words: readonly Word[], at: number): boolean {
  const pair = [foldedAt(words, at), foldedAt(words, at + 1)];
  const isDay = (word: string) => /^(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?$/.test(word);
  return pair.some((word) => shortMonths.has(word)) && pair.some(isDay);
}

const longestHedge = 6;

/** "as of 18:00", "not before Friday", "once it is 18:00", "every 5 minutes": a reason that begins with a time, and not "the 18:00 load failed" or "it is 5h late". */
function doubtBehindHedge(words: readonly Word[]): Doubt | null {
  let isHedged = false;
  let isClause = false;
  for (let at = 0; at < longestHedge; at += 1) {
    const word = foldedAt(words, at);
    const isCopula = isClause && clockCopulas.has(word);
    const found = isHedged && !isCopula ? timeBehindHedge(words, at) : null;
    if (found !== null) return found;
    if (repeatWords.has(word)) return repetitionFrom(words, at + 1);
    const isMoment = momentConjunctions.has(word);
    const isHedge = isMoment || timeHedges.has(word) || isCopula;
    const isBefore = isHedge || timeOpenings.has(word) || (at > 0 && timeFillers.has(word));
    if (!isBefore || word === 'the') return null;
    isHedged ||= isHedge;
    isClause ||= isMoment;
  }
  return null;
}

function timeBehindHedge(words: readonly Word[], at: number): Doubt | null {
  const word = foldedAt(words, at);
  // "not at noon" may be at any other time.
  const isDenied = words.slice(0, at).some((_, before) => timeChangers.has(foldedAt(words, before)));
  const suggest = (time: string) => [...(isDenied ? [] : [time]), ...quoted(words)];
  // "in about 2h"
  const isSpan = words.slice(0, at).some((_, before) => timeOpenings.get(foldedAt(words, before)) === 'in');
  const span = isSpan && durationIn(word) !== null ? `in ${word}` : null;
  const clock = clockOf(word, true);
  const time = span ?? (clock === null ? null : `at ${clock}`);
  if (time !== null) return doubtful(typedOf(words, at + 1), suggest(time));
  const phrase = phraseAtStart(words.slice(at));
  if (phrase !== null) return doubtful(typedOf(words, at + phrase.length), suggest(phrase.when.typed));
  const hour = /^\d/.test(word) ? hourAt(words, at) : null;
  if (hour !== null) return doubtful(typedOf(words, hour.end), suggest(`at ${hour.time}`));
  const isDay = weekdays.has(word) || relativeDays.get(word) === 'tomorrow' || namedClocks.has(word);
  return isDay || comingParts.has(word) ? doubtful(typedOf(words, at + 1), quoted(words)) : null;
}

/** "18 Uhr", and "18" where a word before it says that it is an hour: "när klockan är 18". */
function hourAt(words: readonly Word[], at: number): { readonly time: string; readonly end: number } | null {
  const isHour = words.slice(0, at).some((_, before) => clockWords.has(foldedAt(words, before)));
  const phrase = phraseAtStart([{ text: isHour ? 'kl' : 'at', at: 0 }, ...words.slice(at)]);
  if (phrase?.when.kind !== 'at' || phrase.when.day !== 'next') return null;
  return { time: phrase.when.time, end: at + phrase.length - 1 };
}

/** "this evening the delivery goes out": what begins with a moment to come may be meant for then. */
function doubtOfComing(words: readonly Word[]): Doubt | null {
  const end = comingMomentEnd(words);
  return end === null ? null : doubtful(typedOf(words, end), quoted(words));
}

/** "every" + "5 minutes", "minute", "18:00" */
function repetitionFrom(words: readonly Word[], start: number): Doubt | null {
  const at = timeFillers.has(foldedAt(words, start)) ? start + 1 : start;
  const word = foldedAt(words, at);
  const isUnit = (word.length > 2 && timeUnits.has(word)) || clockOf(word, false) !== null;
  const end = isUnit ? at + 1 : spanAt(words, at)?.end;
  return end === undefined ? null : doubtful(typedOf(words, end), quoted(words));
}

/** Before a date, and before any other number: "le 5 segments". */
const articles: ReadonlySet<string> = new Set('el il le na no nel den'.split(' '));

/** What stands behind an opening: "at" + "1500", "until" + "the end of the day", "in" + "an hour". */
function doubtBehind(words: readonly Word[], opening: TimeOpening): Doubt | null {
  let at = 1;
  while (at < 3 && timeFillers.has(foldedAt(words, at))) at += 1;
  const word = foldedAt(words, at);
  if (word === '') return null;
  const typed = typedOf(words, at + 1);
  if (/^[+−–~≈-]?\d/.test(word)) {
    const mayCount = opening === 'near' || articles.has(foldedAt(words, 0));
    if (mayCount && isCount(words, at)) return null;
    return doubtful(typed, isChanged(words, at) ? [] : suggested(opening, word));
  }
  if (saysWhen(word) || isNumber(words, at, opening) || isOtherDay(words, at, opening)) return doubtful(typed);
  const span = opening === 'near' || opening === 'on' ? null : spanEnd(words, at, opening);
  return span === null ? null : doubtful(typedOf(words, span));
}

/** "at 8 tonight", "at 18 thirty", "a las 6 de la tarde" */
function isChanged(words: readonly Word[], number: number): boolean {
  const next = foldedAt(words, number + 1);
  const isLonger = /^\d/.test(next) || numberWords.has(next);
  return isLonger || words.some((_, at) => at !== number && saysWhen(foldedAt(words, at)));
}

/** "le 5 segments", "for 3 customers", but not "le 5", "by 18:00", "within 10 minutes". */
function isCount(words: readonly Word[], at: number): boolean {
  const [word, next] = [foldedAt(words, at), foldedAt(words, at + 1)];
  const isTime = timeLike.test(word) || durationIn(word) !== null || saysWhen(next) || timeUnits.has(next);
  return at < words.length - 1 && !isTime;
}

/** "at six", but not "at once", and of a span only where nothing follows: "in three countries". */
function isNumber(words: readonly Word[], at: number, opening: TimeOpening): boolean {
  const word = foldedAt(words, at);
  const isLast = at === words.length - 1;
  if (isLast && singular.has(word) && at > 1) return true;
  if (!numberWords.has(word) || (word === 'once' && at === 1)) return false;
  return isLast || opening === 'at' || opening === 'until';
}

/** "on Dec 24", "till i morgon" */
function isOtherDay(words: readonly Word[], at: number, opening: TimeOpening): boolean {
  return isDayOfMonth(words, at) || (opening === 'until' && foldedAt(words, at) === 'morgon');
}

const longestSpan = 5;

/** Where a span in words ends: "an hour", "half an hour", "mezz’ora", and behind "in" also "a couple of hours". */
function spanEnd(words: readonly Word[], start: number, opening: TimeOpening): number | null {
  for (let at = start; at < start + longestSpan; at += 1) {
    const word = foldedAt(words, at).replace(/^(?:un|mezz|d)['’]|^demi-/, '');
    if (word.length > 2 && (timeUnits.has(word) || hourMarks.has(word) || word === 'halvtimme')) return at + 1;
    if (opening !== 'in' && !singular.has(word) && !numberWords.has(word)) return null;
  }
  return null;
}

/** "1500" is 15:00, "18" is 18:00, "30m" is in half an hour. */
function suggested(opening: TimeOpening, word: string): readonly string[] {
  if (opening === 'on' || opening === 'near') return [];
  const digits = /^(?<hours>\d{1,2})(?<minutes>\d\d)h?$/.exec(word)?.groups;
  const clock = /^\d{1,2}$/.test(word) ? `${word}:00` : digits ? `${digits.hours}:${digits.minutes}` : word;
  const time = opening === 'in' ? null : clockOf(clock, true);
  const isSpan = !digits && (durationIn(word) ?? 0) > 0;
  if (opening === 'until') {
    // "until 2h" may last for two hours.
    const lasting = isSpan && (time === null || Number.parseInt(word, 10) <= 12) ? [`for ${word}`] : [];
    return [...lasting, ...readings(opening, time, word)];
  }
  return [...readings(opening, time, word), ...(isSpan ? [`in ${word}`] : [])];
}

/** The hour alone may be in the evening as well. */
function readings(opening: TimeOpening, time: string | null, word: string): readonly string[] {
  if (time === null) return [];
  const evening = /^(?:0?[1-9]|1[01])$/.test(word) ? [`${opening} ${Number(word) + 12}:00`] : [];
  return [`${opening} ${time}`, ...evening];
}

/** "18h" is a time of day for some, and a span for others. */
function readingsOf(duration: string): readonly string[] {
  return suggested('at', duration);
}

const longestPhrase = 6;

/** "wrong audience until 18:00", "please at six": what says when at the end may be meant for the command, or for the reason. */
function doubtAtEnd(words: readonly Word[], lasts: boolean): Doubt | null {
  for (let start = Math.max(1, words.length - longestPhrase); start < words.length; start += 1) {
    const found = timeToEnd(words.slice(start), lasts);
    if (found === null) continue;
    // Another word that says when would be left out: "4 Dec at 06:00", "every Friday 06:00".
    const isWhole =
      doubtAmong(words.slice(0, start), start, true) === null && !timeChangers.has(foldedAt(words, start - 1));
    return doubtful(found.typed, [...(isWhole ? found.suggestions : []), ...quoted(words)]);
  }
  return null;
}

/** What all of these words say when: a time, or words that may be one. */
function timeToEnd(words: readonly Word[], lasts: boolean): Doubt | null {
  const phrase = phraseAtStart(words, lasts);
  if (phrase !== null && phrase.length === words.length)
    return doubtful(phrase.when.typed, [excerpt(phrase.when.typed)]);
  const opening = timeOpenings.get(foldedAt(words, 0));
  const mayBeTime = opening === 'at' || opening === 'in' || opening === 'until';
  const doubt = mayBeTime ? doubtBehind(words, opening) : null;
  return doubt !== null && doubt.typed === typedOf(words, words.length) ? doubt : null;
}

/** Among this many words behind a time, or at the beginning of what looks like a reason, a word that says when is asked about. */
const mostBehind = 3;
const mostBefore = 3;

const timeLike = /^(?:\d{1,2}[:.h]\d{2}|\d{1,2}(?:am|pm|h)$|\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.|\d{1,2}\/\d{1,2})/;

/** A word that says when, among the first ones. `anyNumber`: a number may belong to the time before it. */
function doubtAmong(words: readonly Word[], most: number, anyNumber = false): Doubt | null {
  for (const at of words.slice(0, most).keys()) {
    const word = foldedAt(words, at).replace(/^[@(~]+/, '');
    if (saysWhen(word) || timeLike.test(word) || isDayOfMonth(words, at) || (anyNumber && /^\d/.test(word))) {
      return doubtful(typedOf(words, at + 1), anyNumber ? [] : quoted(words));
    }
  }
  return null;
}

/** "Friday load", "Friday afternoon, please": also a stop is asked about. */
function doubtAmongFew(words: readonly Word[]): Doubt | null {
  const isTimed = words.length <= 2 && words.some((_, at) => saysWhen(foldedAt(words, at)));
  return isTimed || isOnlyTime(words) ? doubtful(typedOf(words, words.length), quoted(words)) : null;
}
