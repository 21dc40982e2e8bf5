import { dayWords, timeUnits } from '../vocabulary/time-words.ts';
import { fold } from './text.ts';

const number = String.raw`\d{1,5}(?:\.\d{1,2})?`;
const duration = new RegExp(
  `^(?:(?<days>${number})(?:d|days?))?(?:(?<hours>${number})(?:h|hrs?|hours?))?(?:(?<minutes>${number})(?:m|mins?|minutes?))?(?:(?<seconds>${number})(?:s|secs?|seconds?))?$`,
  'i',
);

/** `30m`, `2h`, `1.5d`, `1h30m`, `90s`: in milliseconds. Null if the text is no duration. */
export function durationIn(text: string): number | null {
  const groups = text === '' ? undefined : duration.exec(text)?.groups;
  if (groups === undefined) return null;
  const { days = 0, hours = 0, minutes = 0, seconds = 0 } = groups;
  return Math.round((((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000);
}

const spanShape = /^(?<count>\d{1,5}(?:[.,]\d{1,2})?) ?(?<word>\p{L}+)$/u;
const daysPerWeek = 7;

/** The duration that is probably meant by "7 days", "2w", "12 Stunden" or "today". Null if the text is no span of time. */
export function durationMeant(text: string): string | null {
  const folded = fold(text);
  const { count = '', word = '' } = spanShape.exec(folded)?.groups ?? {};
  const unit = timeUnits.get(word);
  if (unit === undefined) return dayWords.get(folded) ?? null;
  const number = Number(count.replace(',', '.'));
  return unit === 'w' ? `${Math.ceil(number * daysPerWeek)}d` : `${number}${unit}`;
}
