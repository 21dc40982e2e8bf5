import type { CommandTime, Verb, When } from '../command.ts';
import { weekdayNames } from '../vocabulary/time-words.ts';
import { clockOf, phraseAtStart } from './clock-phrase.ts';
import { excerpt, type ParseResult, parsed, refuse } from './parse-result.ts';
import { splitWords, type Word } from './text.ts';
import { type Doubt, doubtAfterTime, doubtWithoutTime, isQuoted } from './time-doubts.ts';

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
  const isPlain = opening === 'until' || !isWeekday(when);
  const doubt =
    doubtAfterTime(taken, rest) ?? (isLoose(taken, rest, verb, isPlain) ? { typed, suggestions: [] } : null);
  if (doubt !== null) return refuse(doubtful(verb, doubt));
  return parsed({ time: opening === 'until' ? { resumes: when } : { due: when }, rest });
}

/** Reads the field of a form that says when: also "18:00" and "30m". Null if it is empty. */
export function readTime(verb: Verb, typed: string): ParseResult<CommandTime | null> {
  const given = splitWords(typed);
  if (given.length === 0) return parsed(null);
  const hours = given.length === 1 && /^\d{1,2}h$/i.test(given[0]?.text ?? '') ? clockOf(typed.trim(), true) : null;
  // "18h" is a time of day for some, and a span for others.
  if (hours !== null) return refuse(doubtful(verb, { typed, suggestions: [hours, `in ${typed.trim()}`] }));
  const readings = [typed, `at ${typed}`, `in ${typed}`].map((text) => readWhen(verb, splitWords(text)));
  const time = readings.find((one) => one.ok && one.value.time !== null && one.value.rest.length === 0);
  if (time?.ok) return parsed(time.value.time);
  const problem = readings.find((one) => !one.ok && one.error.problem !== 'doubtful_time');
  return problem?.ok === false ? problem : refuse(doubtful(verb, { typed, suggestions: [] }));
}

function isWithin(when: When): boolean {
  return when.kind === 'at' || (when.ms >= shortestMs && when.ms <= longestMs);
}

function isWeekday(when: When): boolean {
  return when.kind === 'at' && (weekdayNames as readonly string[]).includes(when.day);
}

function doubtful(command: Verb, { typed, suggestions }: Doubt) {
  return { problem: 'doubtful_time', command, typed: excerpt(typed), suggestions } as const;
}

/**
 * A time that may be meant as the beginning of a reason: "a 2h delay", "bis 4.12. Wartung", "Friday 18:00 the load failed",
 * and any time of a stop with words behind it, which is urgent more often than not: "stop WKF110 at 06:00 the load failed".
 */
function isLoose(taken: readonly Word[], rest: readonly Word[], verb: Verb, isPlain: boolean): boolean {
  if (rest.length === 0 || isQuoted(rest)) return isDate(taken);
  const isBare = /^as?$/i.test(taken[0]?.text ?? '');
  const isSeparated = /[,;:–-]$/.test(taken.at(-1)?.text ?? '');
  return isDate(taken) || isBare || ((verb === 'stop' || !isPlain) && !isSeparated);
}

/** "4.12." is a date, unless a word beside it says that it is a time. */
function isDate(taken: readonly Word[]): boolean {
  const isClock = taken.some(({ text }) => /^(?:kl\.?|klockan|uhr|alle|fram)$/i.test(text));
  return !isClock && taken.some(({ text }) => /^\d{1,2}\.\d{2}\.?[,;]?$/.test(text));
}
