import type { When } from '../command.ts';
import {
  clockWords,
  hourMarks,
  lastingWords,
  openingsBeforeHours,
  relativeDays,
  shortWeekdays,
  spanJoiners,
  type TimeOpening,
  timeFillers,
  timeOpenings,
  timeUnits,
  weekdays,
} from '../vocabulary/time-words.ts';
import { durationIn, durationMeant } from './duration.ts';
import { fold, type Word } from './text.ts';

/** A time at the beginning of some words, and how many of them it takes. `for`: how long it lasts. */
export type Phrase = { readonly opening: TimeOpening | 'for' | null; readonly when: When; readonly length: number };

/**
 * The time with which the words begin, if it can only be one: "at 02:00", "in 30m", "tomorrow 06:15", "until 18:00", and of
 * what `lasts` also "for 2h".
 */
export function phraseAtStart(words: readonly Word[], lasts = false): Phrase | null {
  const first = foldedAt(words, 0);
  const opening = timeOpenings.get(first) ?? null;
  const lasting = lasts && lastingWords.has(first) ? durationAtStart(words, 'for') : null;
  if (lasting !== null) return lasting;
  if (opening === 'near') return null;
  if (opening === 'in') return durationAtStart(words, 'in');
  const isRomance = openingsBeforeHours.has(first);
  const start = opening === null ? 0 : afterFillers(words, 1);
  const hasHours = isRomance || openingsBeforeHours.has(foldedAt(words, start - 1));
  const isClockWord = [first, foldedAt(words, start - 1)].some((word) => clockWords.has(word));
  const found = clockAndDay(words, start, { hasHours, isClockWord });
  if (found === null) return null;
  // A clock time alone may begin a reason: "02:00 load failed".
  if (found.day === null && (opening === null || opening === 'on')) return null;
  const when = { kind: 'at', day: found.day ?? 'next', time: found.time, typed: typedOf(words, found.end) } as const;
  return { opening, when, length: found.end };
}

/** "in 30m", "in 1h 30m", "in 2 hours and 30 minutes", "dentro de 30 minutos" */
function durationAtStart(words: readonly Word[], opening: 'in' | 'for'): Phrase | null {
  const span = spanAt(words, afterFillers(words, 1));
  if (span === null) return null;
  const { ms, end } = span;
  return { opening, when: { kind: 'in', ms, typed: typedOf(words, end) }, length: end };
}

/** How long the words say, each part shorter than the one before, and where that ends. */
export function spanAt(words: readonly Word[], start: number): { readonly ms: number; readonly end: number } | null {
  let span = partAt(words, start);
  while (span !== null) {
    const next = partAt(words, span.end + (spanJoiners.has(foldedAt(words, span.end)) ? 1 : 0));
    if (next === null || next.ms >= span.least) return span;
    span = { ...next, ms: span.ms + next.ms };
  }
  return null;
}

/** "1h30m" or "2 hours". `least`: its smallest unit, which a part behind it does not reach. */
function partAt(words: readonly Word[], at: number) {
  const [one, two] = [foldedAt(words, at), foldedAt(words, at + 1)];
  const alone = milliseconds(one);
  const ms = alone ?? milliseconds(`${one} ${two}`);
  if (ms === null) return null;
  return { ms, least: smallestUnit(alone === null ? two : one), end: at + (alone === null ? 2 : 1) };
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

function smallestUnit(text: string): number {
  const unit = timeUnits.get(/\p{L}+$/u.exec(text)?.[0] ?? '');
  return unit === undefined ? 0 : unitMs[unit];
}

function milliseconds(text: string): number | null {
  if (!/^\d/.test(text)) return null;
  if (/^\d{1,3}h[0-5]\d$/.test(text)) return durationIn(`${text}m`);
  const meant = durationIn(text) === null ? durationMeant(text) : text;
  return meant === null ? null : durationIn(meant);
}

type Hours = { readonly hasHours: boolean; readonly isClockWord: boolean };
type Found = { readonly day: string | null; readonly time: string; readonly end: number };

/** A day and a time of day in any order, or the time alone. */
function clockAndDay(words: readonly Word[], start: number, hours: Hours): Found | null {
  const day = dayAt(words, start) ?? shortDayAt(words, start);
  if (day !== null) {
    const behind = afterFillers(words, day.end);
    const filler = foldedAt(words, behind - 1);
    const clock = clockAt(words, behind, {
      hasHours: hours.hasHours || openingsBeforeHours.has(filler),
      isClockWord: hours.isClockWord || clockWords.has(filler),
    });
    return clock && { day: day.name, ...clock };
  }
  const moment = dateAndTime(foldedAt(words, start));
  if (moment !== null) return { ...moment, end: start + 1 };
  const clock = clockAt(words, start, hours);
  const later = clock && dayBehind(words, clock.end);
  return clock && { day: later?.name ?? null, time: clock.time, end: later?.end ?? clock.end };
}

function dayAt(words: readonly Word[], at: number): { readonly name: string; readonly end: number } | null {
  const [one, two] = [foldedAt(words, at), foldedAt(words, at + 1)];
  const relative = relativeDays.get(one);
  if (relative !== undefined) return { name: relative, end: at + 1 };
  if (one === 'i' && (two === 'dag' || two === 'morgon'))
    return { name: two === 'dag' ? 'today' : 'tomorrow', end: at + 2 };
  const weekday = weekdays.get(one);
  if (weekday !== undefined) return { name: weekday, end: at + 1 };
  return isDate(one) ? { name: one, end: at + 1 } : null;
}

function shortDayAt(words: readonly Word[], at: number) {
  const weekday = shortWeekdays.get(foldedAt(words, at));
  return weekday === undefined ? null : { name: weekday, end: at + 1 };
}

/** "18:00 tomorrow", "18:00 on Friday" */
function dayBehind(words: readonly Word[], at: number) {
  const isOn = timeOpenings.get(foldedAt(words, at)) === 'on';
  return dayAt(words, isOn ? at + 1 : at);
}

function dateAndTime(text: string): { readonly day: string; readonly time: string } | null {
  const [day = '', time = '', ...more] = text.split('t');
  const clock = more.length === 0 && isDate(day) ? clockOf(time, false) : null;
  return clock === null ? null : { day, time: clock };
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

function clockAt(words: readonly Word[], at: number, { hasHours, isClockWord }: Hours) {
  const [one, two] = [foldedAt(words, at), foldedAt(words, at + 1)];
  const isMarked = hourMarks.has(two);
  const isHalf = two === 'am' || two === 'pm';
  if (isHalf) {
    const time = clockOf(`${one}${two}`, hasHours);
    if (time !== null) return { time, end: at + 2 };
  }
  const time = clockOf(one, hasHours) ?? (isMarked || isClockWord ? clockOf(`${one}:00`, false) : null);
  return time === null ? null : { time, end: at + (isMarked ? 2 : 1) };
}

const clockShape = /^(?<hour>\d{1,2})(?:[:.](?<minute>\d\d)h?|h(?<behind>\d\d)?)?(?<half>am|pm)?$/;

/** `18:00`, `18.00`, `6pm`, `18h30`, and with `hasHours` `18h`: as `HH:MM`. Null if the text is no time of day. */
export function clockOf(text: string, hasHours: boolean): string | null {
  const { hour = '', minute, behind, half } = clockShape.exec(text)?.groups ?? {};
  const isHourAlone = minute === undefined && behind === undefined;
  if (hour === '' || (isHourAlone && half === undefined && !(hasHours && text.endsWith('h')))) return null;
  const typedHours = Number(hour);
  if (half !== undefined && (typedHours < 1 || typedHours > 12)) return null;
  const hours = half === undefined ? typedHours : (typedHours % 12) + (half === 'pm' ? 12 : 0);
  const minutes = Number(minute ?? behind ?? 0);
  if (hours > 23 || minutes > 59) return null;
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}

function afterFillers(words: readonly Word[], start: number): number {
  let at = start;
  while (at < start + 2 && timeFillers.has(foldedAt(words, at)) && dayAt(words, at) === null) at += 1;
  return at;
}

/** Folded, without the punctuation that ends it; "kl." is a word. Empty behind the last. */
export function foldedAt(words: readonly Word[], at: number): string {
  return fold(shortened(words[at])).replace(closing, '');
}

export function typedOf(words: readonly Word[], length: number): string {
  return words.slice(0, length).map(shortened).join(' ').replace(closing, '');
}

const closing = /[,;:!?.]{1,10}$/u;

/** No word of a time is as long. The cut bounds the time. */
const longestWord = 40;

function shortened(word: Word | undefined): string {
  return word?.text.slice(0, longestWord) ?? '';
}
