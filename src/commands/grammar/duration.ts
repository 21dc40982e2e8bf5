import ms from 'ms';
import { dayWords, timeUnits } from '../vocabulary/time-words.ts';
import { fold } from './text.ts';

const duration = /^\d{1,5}(\.\d{1,2})?(m|mins?|minutes?|h|hrs?|hours?|d|days?)$/i;

/** `30m`, `2h`, `1.5d`: in milliseconds. Null if the text is no duration. */
export function durationIn(text: string): number | null {
  return duration.test(text) ? Math.round(ms(text as ms.StringValue)) : null;
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
