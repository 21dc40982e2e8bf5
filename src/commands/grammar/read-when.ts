import type { CommandTime, Verb, When } from '../command.ts';
import { lastingWords, weekdayNames } from '../vocabulary/time-words.ts';
import { clockOf, foldedAt, type Phrase, phraseAtStart, spanAt } from './clock-phrase.ts';
import { conditionIn } from './condition.ts';
import { type Doubt, isQuoted, quoted } from './doubt.ts';
import { excerpt, type ParseResult, parsed, refuse } from './parse-result.ts';
import { splitWords, type Word } from './text.ts';
import { doubtAfterTime, doubtWithoutTime } from './time-doubts.ts';
import { suggestedInFigures } from './time-in-figures.ts';

/** The time of a command (null: at once), and the words behind it. */
export type TimeAhead = { readonly time: CommandTime | null; readonly rest: readonly Word[] };

const shortestMs = 60_000;
export const longestMs = 30 * 86_400_000;

/**
 * Reads the time before a reason. Words that may be meant as a time, or as a part of the reason, are refused: a command
 * must be sent neither now nor later by a guess. A reason in quotation marks is never a time.
 */
export function readWhen(verb: Verb, words: readonly Word[]): ParseResult<TimeAhead> {
  const phrase = phraseAtStart(words, verb === 'pause');
  if (phrase === null) {
    const doubt = doubtWithoutTime(verb, words) ?? doubtOfLasting(verb, words);
    if (doubt !== null) return refuse(doubtful(verb, inFigures(verb, words, doubt)));
    const condition = conditionIn(verb, words);
    if (condition !== null) return refuse(conditional(verb, condition));
    return parsed({ time: null, rest: words });
  }
  const { opening, when, length } = phrase;
  const typed = excerpt(when.typed);
  if (opening === 'until' && verb !== 'pause') {
    return refuse({ problem: 'until_without_pause', command: verb, typed });
  }
  if (!isWithin(when)) return refuse({ problem: 'time_out_of_range', typed });
  const [taken, rest] = [words.slice(0, length), words.slice(length)];
  const condition = conditionIn(verb, rest);
  // "at 02:00 until 03:00" has another time.
  if (condition !== null && phraseAtStart(rest) === null) return refuse(conditional(verb, condition, `${typed} `));
  const doubt = doubtAfterTime(taken, rest) ?? doubtOfReason(verb, phrase, taken, rest);
  if (doubt !== null) return refuse(doubtful(verb, doubt));
  const isEnd = opening === 'until' || opening === 'for';
  return parsed({ time: isEnd ? { resumes: when } : { due: when }, rest });
}

/** "per un’ora": a pause has no other words for how long it lasts. */
function doubtOfLasting(verb: Verb, words: readonly Word[]): Doubt | null {
  if (verb !== 'pause' || !lastingWords.has(foldedAt(words, 0))) return null;
  const isSpan = suggestedInFigures(verb, words).some((one) => one.startsWith('for '));
  return isSpan
    ? {
        typed: words
          .slice(0, 2)
          .map(({ text }) => text)
          .join(' '),
        suggestions: quoted(words),
      }
    : null;
}

/** What is said in words can often be suggested in figures. */
function inFigures(verb: Verb, words: readonly Word[], { typed, suggestions }: Doubt): Doubt {
  return { typed, suggestions: [...new Set([...suggestedInFigures(verb, words), ...suggestions])] };
}

/** Reads the field of a form that says when: also "18:00" and "30m". Null if it is empty. */
export function readTime(verb: Verb, typed: string): ParseResult<CommandTime | null> {
  const given = splitWords(typed);
  if (given.length === 0) return parsed(null);
  const suggestions = doubtOfField(verb, typed.trim());
  if (suggestions !== null) return refuse(doubtful(verb, { typed, suggestions }));
  const readings = [typed, `at ${typed}`, `in ${typed}`].map((text) => readWhen(verb, splitWords(text)));
  const time = readings.find((one) => one.ok && one.value.time !== null && one.value.rest.length === 0);
  if (time?.ok) return parsed(time.value.time);
  const problem = readings.find((one) => !one.ok && one.error.problem !== 'doubtful_time');
  if (problem?.ok === false) return problem;
  return refuse(doubtful(verb, { typed, suggestions: [...new Set(readings.flatMap(timesIn))] }));
}

/** What a field may mean where that is not clear: "18h" is a time of day for some, and a pause of "2h" begins then, or lasts. */
function doubtOfField(verb: Verb, typed: string): readonly string[] | null {
  const words = splitWords(typed);
  const hours = /^\d{1,2}h$/i.test(typed) ? clockOf(typed, true) : null;
  const span = verb === 'pause' && clockOf(typed, false) === null ? spanAt(words, 0) : null;
  if (span?.end === words.length) return [`for ${typed}`, `in ${typed}`, ...(hours === null ? [] : [hours])];
  return hours === null ? null : [hours, `in ${typed}`];
}

/** The times that a reading suggests, and not the reasons. */
function timesIn(read: ParseResult<TimeAhead>): readonly string[] {
  if (read.ok || read.error.problem !== 'doubtful_time') return [];
  return read.error.suggestions.filter((one) => !one.startsWith('"'));
}

function isWithin(when: When): boolean {
  return when.kind === 'at' || (when.ms >= shortestMs && when.ms <= longestMs);
}

function isWeekday(when: When): boolean {
  return when.kind === 'at' && (weekdayNames as readonly string[]).includes(when.day);
}

/** @param before the time in front of it, and a blank */
function conditional(command: Verb, { typed, suggestions }: Doubt, before = '') {
  return {
    problem: 'condition',
    command,
    typed: excerpt(typed),
    suggestions: suggestions.map((one) => before + one),
  } as const;
}

/** Only a pause lasts. */
function doubtful(command: Verb, { typed, suggestions }: Doubt) {
  const possible = suggestions.filter((one) => command === 'pause' || !one.startsWith('for '));
  return { problem: 'doubtful_time', command, typed: excerpt(typed), suggestions: possible } as const;
}

/**
 * A time that may be meant as the beginning of a reason: "a 2h delay", "bis 4.12. Wartung", "Friday 18:00 the load failed",
 * "for 2h the counts were wrong", and any time of a stop with words behind it, which is urgent more often than not: "stop
 * WKF110 at 06:00 the load failed". What can be suggested says which of both is meant.
 */
function doubtOfReason(
  verb: Verb,
  { opening, when }: Phrase,
  taken: readonly Word[],
  rest: readonly Word[],
): Doubt | null {
  const { typed } = when;
  if (isDate(taken)) return { typed, suggestions: [] };
  if (rest.length === 0 || isQuoted(rest)) return null;
  const asReason = quoted([...taken, ...rest]);
  if (/^as?$/i.test(taken[0]?.text ?? '')) return { typed, suggestions: asReason };
  const isUrgent = verb === 'stop' || opening === 'for' || (opening !== 'until' && isWeekday(when));
  if (!isUrgent || /[,;:–-]$/.test(taken.at(-1)?.text ?? '')) return null;
  const apart = `${typed}, ${rest.map(({ text }) => text).join(' ')}`;
  return { typed, suggestions: excerpt(apart) === apart ? [apart, ...asReason] : asReason };
}

/** "4.12." is a date, unless a word beside it says that it is a time. */
function isDate(taken: readonly Word[]): boolean {
  const isClock = taken.some(({ text }) => /^(?:kl\.?|klockan|uhr|alle|fram)$/i.test(text));
  return !isClock && taken.some(({ text }) => /^\d{1,2}\.\d{2}\.?[,;]?$/.test(text));
}
