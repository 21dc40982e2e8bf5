import ms from 'ms';
import { Temporal } from 'temporal-polyfill';
import { minuteOfWeek, type Weekday, type WeekWindow, weekdays } from '../access/freeze-windows.ts';

const dayMs = 86_400_000;

/** No duration is as long, and `ms` throws at some length. */
const longestText = 60;

/** Not a number for an invalid duration. */
function milliseconds(text: string): number {
  return text === '' || text.length > longestText ? Number.NaN : Math.round(ms(text as ms.StringValue));
}

/** `90s`, `5m`, `1.5 hours` in milliseconds; null for an invalid duration, or one below a second or over a day. */
export function durationMs(text: string): number | null {
  const duration = milliseconds(text);
  return duration >= 1_000 && duration <= dayMs ? duration : null;
}

const hourMs = 3_600_000;

/** In `pauses_end_after`: nobody is reminded of pauses. */
export const never = 'never';

/** `7d`, `36h` in milliseconds, and `never` as null; undefined for anything else, or outside of an hour to 365 days. */
export function endOfPausesMs(text: string): number | null | undefined {
  if (text === never) return null;
  const duration = milliseconds(text);
  return duration >= hourMs && duration <= 365 * dayMs ? duration : undefined;
}

/** The first letters of Slack's IDs. */
export const slackLetters = { channel: 'CGD', user: 'UW', group: 'S' } as const;

/** Slack's IDs are "a letter and at least two capitals or digits"; Slack promises no length. */
export function slackId(letters: string): RegExp {
  return new RegExp(`^[${letters}][A-Z0-9]{2,}$`);
}

/** `2026-12-20T00:00:00Z`, or with an offset such as `+01:00`. */
export const momentShape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** `2026-01-05`, or `2026-01-05 08:00` with a T or a blank between. */
export const localTimeShape = /^(?<date>\d{4}-\d{2}-\d{2})(?:[T ](?<time>(?:[01]\d|2[0-3]):[0-5]\d))?$/;

/** A date with its time of the day as `2026-01-05T08:00`; midnight where there is none. Null for an invalid one. */
export function localTimeOf(text: string): string | null {
  const { date, time = '00:00' } = localTimeShape.exec(text)?.groups ?? {};
  try {
    return date === undefined ? null : `${Temporal.PlainDate.from(date, { overflow: 'reject' })}T${time}`;
  } catch {
    return null;
  }
}

/** `05:45-06:15` */
export const dailyShape = /^(?<from>(?:[01]\d|2[0-3]):[0-5]\d)-(?<until>(?:[01]\d|2[0-3]):[0-5]\d)$/;

/** `06:30` */
export const timeShape = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** `fri 16:00 - mon 08:00` */
export const weeklyShape = weekTimes();

function weekTimes(): RegExp {
  const day = weekdays.join('|');
  const time = '(?:[01]\\d|2[0-3]):[0-5]\\d';
  return new RegExp(`^(?<firstDay>${day}) (?<from>${time}) ?- ?(?<lastDay>${day}) (?<until>${time})$`);
}

/** Milliseconds since the epoch; null for an invalid moment, such as one on the 30th of February. */
export function momentMs(text: string): number | null {
  if (!momentShape.test(text)) return null;
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return null;
  }
}

/** Both ends of a daily time, in local time. */
export function dailyTimes(text: string): { readonly from: string; readonly until: string } | null {
  const { from, until } = dailyShape.exec(text)?.groups ?? {};
  return from === undefined || until === undefined ? null : { from, until };
}

/** The part of the week between both times. */
export function weeklyTimes(text: string): WeekWindow | null {
  const { firstDay, from, lastDay, until } = weeklyShape.exec(text)?.groups ?? {};
  if (from === undefined || until === undefined) return null;
  return { from: minuteOfWeek(firstDay as Weekday, from), until: minuteOfWeek(lastDay as Weekday, until) };
}

/** Whether it is the IANA name of a time zone, in any case. Offsets do not count, since they have no clock changes. */
export function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}
