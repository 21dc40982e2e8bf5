import { Temporal } from 'temporal-polyfill';
import { momentOf } from '../../access/local-time.ts';
import type { When } from '../../commands/command.ts';
import { type Weekday, weekdayNames } from '../../commands/vocabulary/time-words.ts';
import type { OrderedMoments } from '../events.ts';

/** A command can be asked for from a minute to 30 days before it is due. */
export const leastAheadMs = 60_000;
export const mostAheadMs = 30 * 86_400_000;

/** When a command is due, in milliseconds since the epoch, or why it never is. */
export type DueTime =
  | { readonly kind: 'due'; readonly at: number }
  | { readonly kind: 'past' | 'too_soon' | 'too_far' };

/**
 * The moment that somebody has typed, in a zone (IANA name). A time that is past today means tomorrow where no day was
 * typed. A local time that clocks skip is the first moment after it, and one that occurs twice is the first of both.
 *
 * @param askedAt when it was typed, in milliseconds since the epoch
 * @param now since when it has to be a minute ahead
 */
export function dueTime(when: When, { zone, askedAt, now }: { zone: string; askedAt: number; now: number }): DueTime {
  const at = when.kind === 'in' ? askedAt + when.ms : localTime(when, zone, askedAt);
  if (at <= askedAt) return { kind: 'past' };
  // What was asked a minute ahead may be judged a little later.
  if (at < askedAt + leastAheadMs || at <= now) return { kind: 'too_soon' };
  return at > askedAt + mostAheadMs ? { kind: 'too_far' } : { kind: 'due', at };
}

/**
 * The same in the zone that Slack says of somebody (null: none). `time` is null where it depends on a zone that nobody knows;
 * a duration does not, and is shown in UTC.
 */
export function dueTimeOf(
  when: When,
  { timezone, ...times }: { timezone: string | null; askedAt: number; now: number },
): { readonly zone: string; readonly time: DueTime | null } {
  const hasZone = timezone !== null && isZone(timezone);
  const zone = hasZone ? timezone : 'UTC';
  return { zone, time: hasZone || when.kind === 'in' ? dueTime(when, { zone, ...times }) : null };
}

function localTime({ day, time }: When & { kind: 'at' }, zone: string, askedAt: number): number {
  const today = Temporal.Instant.fromEpochMilliseconds(askedAt).toZonedDateTimeISO(zone).toPlainDate();
  switch (day) {
    case 'today':
      return at(today, time, zone);
    case 'tomorrow':
      return at(today.add({ days: 1 }), time, zone);
    case 'next': {
      const todays = at(today, time, zone);
      return todays > askedAt ? todays : at(today.add({ days: 1 }), time, zone);
    }
    default:
      return isWeekday(day)
        ? onWeekday(day, { today, time, zone, askedAt })
        : at(Temporal.PlainDate.from(day), time, zone);
  }
}

function isWeekday(day: string): day is Weekday {
  return (weekdayNames as readonly string[]).includes(day);
}

/** The next such day on which the time has not passed. */
function onWeekday(
  day: Weekday,
  { today, time, zone, askedAt }: { today: Temporal.PlainDate; time: string; zone: string; askedAt: number },
): number {
  const days = (weekdayNames.indexOf(day) + 1 - today.dayOfWeek + 7) % 7;
  const next = at(today.add({ days }), time, zone);
  return next > askedAt ? next : at(today.add({ days: days + 7 }), time, zone);
}

function at(date: Temporal.PlainDate, time: string, zone: string): number {
  return momentOf(date.toPlainDateTime(Temporal.PlainTime.from(time)), zone);
}

/** Whether Slack's name of a zone is known here. */
function isZone(name: string): boolean {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId !== '';
  } catch {
    return false;
  }
}

/** A question about a later time ends when that time comes. */
export function questionEnd({ dueAt, resumesAt }: OrderedMoments, otherwise: number): number {
  return Math.min(otherwise, dueAt ?? otherwise, resumesAt ?? otherwise);
}
