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
    const doubt = doubtAtStart(words) ?? doubtAtEnd(words);
    return doubt === null ? parsed({ time: null, rest: words }) : refuse(doubtful(verb, doubt));
  }
  const { opening, when, length } = phrase;
  const rest = words.slice(length);
  const typed = excerpt(when.typed);
  if (opening === 'until' && verb !== 'pause') {
    return refuse({ problem: 'until_without_pause', command: verb, typed });
  }
  if (!isWithin(when)) return refuse({ problem: 'time_out_of_range', typed });
  const second = namesZone(rest) ? { typed: typedOf(words, length + 1), suggestion: null } : null;
  const doubt = second ?? (phraseAtStart(rest) ? { typed: typedOf(rest, 2), suggestion: null } : null);
  if (doubt !== null) return refuse(doubtful(verb, doubt));
  return parsed({ time: opening === 'until' ? { resumes: when } : { due: when }, rest });
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
