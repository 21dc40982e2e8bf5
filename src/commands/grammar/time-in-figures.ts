import type { Verb, When } from '../command.ts';
import {
  beforeNamedClocks,
  halfWords,
  namedClocks,
  numbers,
  relativeDays,
  saysWhen,
  shortWeekdays,
  singular,
  spansInWords,
  timeOpenings,
  timeUnits,
  weekdays,
} from '../vocabulary/time-words.ts';
import { clockOf, foldedAt, type Phrase, phraseAtStart, spanAt } from './clock-phrase.ts';
import { durationIn } from './duration.ts';
import { splitWords, type Word } from './text.ts';
import { doubtAfterTime, doubtWithoutTime } from './time-doubts.ts';

/** Words beyond these are not looked at. */
const mostWords = 10;

/**
 * What may be typed instead of words that say when, where they have one meaning: "in two hours" is `in 2h`, "tomorrow at noon"
 * `tomorrow 12:00`, and a pause of "2 hours" lasts `for 2h`. Midnight with a day could be at either end of it.
 */
export function suggestedInFigures(verb: Verb, words: readonly Word[]): readonly string[] {
  const typed = words.slice(0, mostWords).map((_, at) => foldedAt(words, at).replaceAll('’', "'"));
  const isMidnight = typed.some((word) => namedClocks.get(word) === '00:00');
  if (isMidnight && typed.some(isDay)) return [];
  const figures = splitWords(inFigures(typed).join(' '));
  const alone = [...(verb === 'pause' ? lastingIn(figures) : []), ...hourAtEnd(figures)];
  if (figures.map(({ text }) => text).join(' ') === typed.join(' ')) return alone;
  const phrase = phraseAtStart(figures, verb === 'pause');
  if (phrase === null) {
    const suggestions = doubtWithoutTime(verb, figures)?.suggestions ?? [];
    return [...alone, ...suggestions.filter((one) => !one.startsWith('"'))];
  }
  const isWhole = doubtAfterTime(figures.slice(0, phrase.length), figures.slice(phrase.length)) === null;
  return isWhole ? [asTyped(phrase)] : alone;
}

function isDay(word: string): boolean {
  return relativeDays.has(word) || weekdays.has(word) || shortWeekdays.has(word) || /^\d{4}-/.test(word);
}

/** "two hours" as "2 hours", "an hour" as "1 hour", "half an hour" as "30m", "al mediodía" as "at 12:00". */
function inFigures(words: readonly string[]): readonly string[] {
  const figures: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const half = halfHourAt(words, at);
    if (half > 0 || spansInWords.has(words[at] ?? '')) {
      if (singular.has(figures.at(-1) ?? '')) figures.pop();
      figures.push(half > 0 ? '30m' : (spansInWords.get(words[at] ?? '') ?? ''));
      at += Math.max(0, half - 1);
    } else {
      figures.push(figureAt(words, at));
    }
  }
  return figures;
}

/** How many words are half an hour: "half an hour", "halben Stunde". */
function halfHourAt(words: readonly string[], at: number): number {
  if (!halfWords.has(words[at] ?? '')) return 0;
  const length = singular.has(words[at + 1] ?? '') ? 3 : 2;
  const unit = words[at + length - 1] ?? '';
  return isSpelledUnit(unit) && timeUnits.get(unit) === 'h' ? length : 0;
}

function figureAt(words: readonly string[], at: number): string {
  const [word = '', next = ''] = [words[at], words[at + 1]];
  if (beforeNamedClocks.has(word) && namedClocks.has(next)) return 'at';
  const clock = namedClocks.get(word);
  if (clock !== undefined) return clock;
  if (!singular.has(word)) return String(numbers.get(word) ?? word);
  // An article is a number only before a unit, and "um" and "en" begin a time as well.
  const isWhile = word === 'ett' && next === 'tag';
  const isOne = isSpelledUnit(next) && word !== 'the' && !isWhile && (at > 0 || !timeOpenings.has(word));
  return isOne ? '1' : word;
}

function isSpelledUnit(word: string): boolean {
  return word.length > 2 && timeUnits.has(word);
}

/** "tomorrow at 6": in the morning, or in the evening. */
function hourAtEnd(words: readonly Word[]): readonly string[] {
  const last = words.at(-1)?.text ?? '';
  if (words.length < 2 || !/^\d{1,2}$/.test(last)) return [];
  const hours = Number(last) > 0 && Number(last) < 12 ? [Number(last), Number(last) + 12] : [Number(last)];
  const readings = hours.map((hour) => phraseAtStart([...words.slice(0, -1), { text: `${hour}:00`, at: 0 }]));
  return readings.flatMap((phrase) => (phrase?.length === words.length ? [asTyped(phrase)] : []));
}

/** A pause of "2h", or "until 2 hours". */
function lastingIn(words: readonly Word[]): readonly string[] {
  const isUntil = timeOpenings.get(foldedAt(words, 0)) === 'until';
  const start = isUntil && timeOpenings.get(foldedAt(words, 1)) === 'in' ? 2 : isUntil ? 1 : 0;
  const span = spanAt(words, start);
  // "until 18h" is a time of day.
  if (
    span === null ||
    span.ms === 0 ||
    saysWhen(foldedAt(words, span.end)) ||
    (isUntil && clockOf(foldedAt(words, start), true) !== null)
  )
    return [];
  const typed = foldedAt(words, start);
  return [`for ${durationIn(typed) === span.ms ? typed : duration(span.ms)}`];
}

/** In the words that every reader can type. */
function asTyped({ opening, when }: Pick<Phrase, 'opening'> & { readonly when: When }): string {
  if (when.kind === 'in') return `${opening === 'for' ? 'for' : 'in'} ${duration(when.ms)}`;
  const before = opening === 'until' ? 'until ' : '';
  return when.day === 'next' ? `${before || 'at '}${when.time}` : `${before}${when.day} ${when.time}`;
}

function duration(ms: number): string {
  const seconds = ms / 1_000;
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor((seconds % 86_400) / 3_600), 'h'],
    [Math.floor((seconds % 3_600) / 60), 'm'],
    [Number((seconds % 60).toFixed(2)), 's'],
  ] as const;
  return parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('');
}
