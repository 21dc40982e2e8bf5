import type { CommandTime, Verb, When } from '../command.ts';
import {
  relativeDays,
  type TimeOpening,
  timeFillers,
  timeOpenings,
  vagueTimes,
  whenWords,
} from '../vocabulary/time-words.ts';
import { clockOf, foldedAt, phraseAtStart, typedOf } from './clock-phrase.ts';
import { durationIn } from './duration.ts';
import { excerpt, type ParseResult, parsed, refuse } from './parse-result.ts';
import { splitWords, type Word } from './text.ts';

/** The time of a command (null: at once), and the words behind it. */
export type TimeAhead = { readonly time: CommandTime | null; readonly rest: readonly Word[] };

const shortestMs = 60_000;
export const longestMs = 30 * 86_400_000;

/**
 * Reads the time before a reason. Words that may be meant as a time, or as a part of the reason, are refused: a command
 * must be sent neither now nor later by a guess. A reason in quotation marks is never a time.
 */
export function readWhen(verb: Verb, words: readonly Word[]): ParseResult<TimeAhead> {
  const phrase = phraseAtStart(words);
  if (phrase === null) {
    const doubt = doubtWithoutTime(verb, words);
    return doubt === null ? parsed({ time: null, rest: words }) : refuse(doubtful(verb, doubt));
  }
  const { opening, when, length } = phrase;
  const typed = excerpt(when.typed);
  if (opening === 'until' && verb !== 'pause') {
    return refuse({ problem: 'until_without_pause', command: verb, typed });
  }
  if (!isWithin(when)) return refuse({ problem: 'time_out_of_range', typed });
  const [taken, rest] = [words.slice(0, length), words.slice(length)];
  const doubt = doubtAfterTime(taken, rest) ?? (isLoose(taken, rest, verb) ? { typed, suggestion: null } : null);
  if (doubt !== null) return refuse(doubtful(verb, doubt));
  return parsed({ time: opening === 'until' ? { resumes: when } : { due: when }, rest });
}

/** A stop is urgent: only a time at its beginning or its end is asked about. */
function doubtWithoutTime(verb: Verb, words: readonly Word[]): Doubt | null {
  const doubt = doubtAtStart(words) ?? doubtAtEnd(words);
  return doubt !== null || verb === 'stop' ? doubt : doubtAmong(words, mostBefore, false);
}

/** Words behind a time that may change it: a zone, another time, "on Friday", "in the evening". */
function doubtAfterTime(taken: readonly Word[], rest: readonly Word[]): Doubt | null {
  if (namesZone(rest)) return { typed: typedOf([...taken, ...rest], taken.length + 1), suggestion: null };
  if (phraseAtStart(rest)) return { typed: typedOf(rest, 2), suggestion: null };
  return doubtAmong(rest, mostBehind, true);
}

/** Reads the field of a form that says when: also "18:00" and "30m". Null if it is empty. */
export function readTime(verb: Verb, typed: string): ParseResult<CommandTime | null> {
  const given = splitWords(typed);
  if (given.length === 0) return parsed(null);
  const readings = [typed, `at ${typed}`, `in ${typed}`].map((text) => readWhen(verb, splitWords(text)));
  const time = readings.find((one) => one.ok && one.value.time !== null && one.value.rest.length === 0);
  if (time?.ok) return parsed(time.value.time);
  const problem = readings.find((one) => !one.ok && one.error.problem !== 'doubtful_time');
  return problem?.ok === false ? problem : refuse(doubtful(verb, { typed, suggestion: null }));
}

function isWithin(when: When): boolean {
  return when.kind === 'at' || (when.ms >= shortestMs && when.ms <= longestMs);
}

type Doubt = { readonly typed: string; readonly suggestion: string | null };

function doubtful(command: Verb, { typed, suggestion }: Doubt) {
  return { problem: 'doubtful_time', command, typed: excerpt(typed), suggestion } as const;
}

/** Times are the person's own: a zone behind one would be overlooked. */
function namesZone([word]: readonly Word[]): boolean {
  return /^\(?(?:utc|gmt|z|ce?s?t|me?s?z|[ecmp][sd]t|[+-]\d\d:?\d\d|[a-z]+\/[a-z_]+)\b/i.test(word?.text ?? '');
}

/** "at 1500", "until Friday", "in 30", "tomorrow", "18:00 …", but not "in error" or "at least". */
function doubtAtStart(words: readonly Word[]): Doubt | null {
  const first = foldedAt(words, 0);
  const opening = timeOpenings.get(first);
  if (opening !== undefined) return doubtBehind(words, opening);
  if (relativeDays.get(first) === 'tomorrow') return { typed: typedOf(words, 2), suggestion: null };
  const isAlone = words.length === 1;
  if (isAlone && (whenWords.has(first) || relativeDays.has(first))) return { typed: first, suggestion: null };
  const clock = /[:h]\d\d/.test(first) ? clockOf(first, false) : null;
  if (clock !== null) return { typed: typedOf(words, 1), suggestion: `at ${clock}` };
  return isAlone && durationIn(first) !== null ? { typed: first, suggestion: `in ${first}` } : null;
}

/** Before a date, and before any other number: "le 5 segments". */
const articles: ReadonlySet<string> = new Set('el il le na no nel den'.split(' '));

/** What stands behind an opening: "at" + "1500", "until" + "the end of the day". */
function doubtBehind(words: readonly Word[], opening: TimeOpening): Doubt | null {
  let at = 1;
  while (at < 3 && timeFillers.has(foldedAt(words, at))) at += 1;
  const word = foldedAt(words, at);
  if (word === '') return null;
  const typed = typedOf(words, at + 1);
  if (/^\d/.test(word)) {
    const isLast = at === words.length - 1;
    return articles.has(foldedAt(words, 0)) && !isLast && !/^\d{1,2}(?:[:.h]\d\d|h)$/.test(word)
      ? null
      : { typed, suggestion: suggested(opening, word) };
  }
  const named = vagueTimes.has(word) || relativeDays.has(word);
  return named ? { typed, suggestion: null } : null;
}

/** "1500" is 15:00, "18" is 18:00, "30m" is in half an hour. */
function suggested(opening: TimeOpening, word: string): string | null {
  if (opening === 'on') return null;
  if (durationIn(word) !== null) return opening === 'until' ? null : `in ${word}`;
  if (opening === 'in') return null;
  const digits = /^(?<hours>\d{1,2})(?<minutes>\d\d)$/.exec(word)?.groups;
  const clock = /^\d{1,2}$/.test(word) ? `${word}:00` : digits ? `${digits.hours}:${digits.minutes}` : word;
  const time = clockOf(clock, true);
  return time === null ? null : `${opening} ${time}`;
}

const longestPhrase = 6;

/** "wrong audience until 18:00": a time that ends the text may be meant for the command. */
function doubtAtEnd(words: readonly Word[]): Doubt | null {
  for (let start = Math.max(1, words.length - longestPhrase); start < words.length; start += 1) {
    const behind = words.slice(start);
    const phrase = phraseAtStart(behind);
    if (phrase !== null && phrase.length === behind.length) {
      return { typed: phrase.when.typed, suggestion: excerpt(phrase.when.typed) };
    }
  }
  return null;
}

/** Among this many words behind a time, or at the beginning of what looks like a reason, a word that says when is asked about. */
const mostBehind = 3;
const mostBefore = 3;

/** Words that say when, or change the time beside them: "6:15 p.m.", "18 Uhr 30", "in 30 minutes". */
const timeParts: ReadonlySet<string> = new Set([
  ...['am', 'pm', 'a.m', 'p.m', 'a.m.', 'p.m.', 'noon', 'eod', 'cob', 'minute', 'minutes', 'min', 'mins', 'hours'],
  ...['abends', 'morgens', 'nachts', 'mittags', 'vormittags', 'nachmittags', 'uhr', 'minuten', 'stunden', 'heures'],
  ...['minuto', 'minutos', 'minuti', 'minut', 'minuter', 'horas', 'ore', 'timmar', 'kvallen', 'morgonen'],
]);

const timeLike = /^(?:\d{1,2}[:.h]\d{2}|\d{1,2}(?:am|pm|h)$|\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.|\d{1,2}\/\d{1,2})/;

/** A word that says when, among the first ones. `anyNumber`: a number may belong to the time before it. */
function doubtAmong(words: readonly Word[], most: number, anyNumber: boolean): Doubt | null {
  if (isQuoted(words)) return null;
  for (const at of words.slice(0, most).keys()) {
    const word = foldedAt(words, at).replace(/^[@(~]+/, '');
    const says = [vagueTimes, whenWords, relativeDays, timeParts].some((known) => known.has(word));
    if (says || timeLike.test(word) || (anyNumber && /^\d/.test(word))) {
      return { typed: typedOf(words, at + 1), suggestion: null };
    }
  }
  return null;
}

/** Words in quotation marks are a reason. */
function isQuoted([first]: readonly Word[]): boolean {
  return /^[\p{Pi}\p{Pf}"`‚„‛‟']/u.test(first?.text ?? '');
}

/**
 * A time that may be meant as the beginning of a reason: "a 2h delay", "bis 4.12. Wartung", and any time of a stop with
 * words behind it, which is urgent more often than not: "stop WKF110 at 06:00 the load failed".
 */
function isLoose(taken: readonly Word[], rest: readonly Word[], verb: Verb): boolean {
  if (rest.length === 0 || isQuoted(rest)) return isDate(taken);
  const isBare = /^as?$/i.test(taken[0]?.text ?? '');
  const isSeparated = /[,;:–-]$/.test(taken.at(-1)?.text ?? '');
  return isDate(taken) || isBare || (verb === 'stop' && !isSeparated);
}

/** "4.12." is a date, unless a word beside it says that it is a time. */
function isDate(taken: readonly Word[]): boolean {
  const isClock = taken.some(({ text }) => /^(?:kl\.?|klockan|uhr|alle|fram)$/i.test(text));
  return !isClock && taken.some(({ text }) => /^\d{1,2}\.\d{2}\.?[,;]?$/.test(text));
}
