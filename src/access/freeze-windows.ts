import { Temporal } from 'temporal-polyfill';
import type { Verb } from '../commands/command.ts';

/** The verbs that a freeze blocks by default. It must not block overriding commands. */
export const frozenByDefault: ReadonlySet<Verb> = new Set(['start', 'resume']);

/** A freeze in force: its reason (null if it was erased), its end (milliseconds since the epoch), and the request that declared it; null: the configuration. */
export type ActiveFreeze = { readonly because: string | null; readonly until: number; readonly request: string | null };

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/**
 * A part of each week, from one local time to before another one, both in minutes since Monday, 00:00; across the end of
 * the week if `until` is not later.
 */
export type WeekWindow = { readonly from: number; readonly until: number };

/** When a freeze of the configuration is in force. */
export type FreezeTime =
  /** While the local time in that zone (IANA name) is in one of the windows, which do not cover the whole week. */
  | { readonly kind: 'weekly'; readonly windows: readonly WeekWindow[]; readonly timezone: string }
  /** Once; milliseconds since the epoch. */
  | { readonly kind: 'period'; readonly from: number; readonly until: number }
  /**
   * During the events of an iCalendar text, at a URL or a path; the zone is for times without one, and whole days. Until it
   * has been read, it is in force: an event may be going on.
   */
  | { readonly kind: 'calendar'; readonly source: string; readonly timezone: string };

export type Calendar = Extract<FreezeTime, { readonly kind: 'calendar' }>;

/** An event of a calendar, in milliseconds since the epoch, with what it says of itself. */
export type CalendarPeriod = { readonly from: number; readonly until: number; readonly summary: string | null };

/** For how long a freeze of a calendar that has not been read is said to last: by then it is read again. */
const unreadMs = 60_000;

/** A freeze of the configuration. */
export type PlannedFreeze = {
  readonly environments: ReadonlySet<string>;
  readonly verbs: ReadonlySet<Verb>;
  readonly because: string;
  readonly time: FreezeTime;
};

type FreezeQuery = { readonly environment: string; readonly verb: Verb; readonly at: number };

/** The freeze that applies now; of several, the one that ends last. */
export function freezeInForce(
  freezes: readonly PlannedFreeze[],
  { environment, verb, at }: FreezeQuery,
): ActiveFreeze | null {
  const inForce = freezes
    .filter(({ environments, verbs }) => environments.has(environment) && verbs.has(verb))
    .flatMap(({ because, time }) => {
      const until = endOf(time, at);
      return until === null ? [] : [{ because, until, request: null }];
    });
  return inForce.toSorted((a, b) => b.until - a.until)[0] ?? null;
}

const dayMinutes = 1_440;

/** A local time (`HH:MM`) of that day, in minutes since Monday, 00:00. */
export function minuteOfWeek(day: Weekday, time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return weekdays.indexOf(day) * dayMinutes + (hours ?? 0) * 60 + (minutes ?? 0);
}

/** A window that begins on each of these days, and ends on the next day unless `until` is later than `from` (`HH:MM`). */
export function windowsOf(days: readonly Weekday[], from: string, until: string): readonly WeekWindow[] {
  const length = (minuteOfWeek('mon', until) - minuteOfWeek('mon', from) + dayMinutes) % dayMinutes || dayMinutes;
  return days
    .map((day) => minuteOfWeek(day, from))
    .map((from) => ({ from, until: (from + length) % (weekdays.length * dayMinutes) }));
}

/**
 * The freezes with the events of their calendars in place of those calendars. One that has not been read stays, with the
 * reason `unread`.
 *
 * @param periodsOf null if that calendar has not been read
 */
export function withCalendars(
  freezes: readonly PlannedFreeze[],
  periodsOf: (calendar: Calendar) => readonly CalendarPeriod[] | null,
  unread: string,
): readonly PlannedFreeze[] {
  return freezes.flatMap((freeze) => {
    if (freeze.time.kind !== 'calendar') return [freeze];
    const periods = periodsOf(freeze.time);
    if (periods === null) return [{ ...freeze, because: unread }];
    return periods.map(({ from, until, summary }) => ({
      ...freeze,
      because: summary ?? freeze.because,
      time: { kind: 'period' as const, from, until },
    }));
  });
}

/** The freezes that are over for good, by their places in the list. */
export function pastFreezes(
  { freezes }: { readonly freezes: readonly PlannedFreeze[] },
  now: number,
): readonly number[] {
  return freezes.flatMap(({ time }, index) => (time.kind === 'period' && time.until <= now ? [index] : []));
}

/** When the freeze that is in force at that moment ends; null if it is not in force. */
export function endOf(time: FreezeTime, at: number): number | null {
  if (time.kind === 'period') return time.from <= at && at < time.until ? time.until : null;
  if (time.kind === 'calendar') return at + unreadMs;
  const isWithin = (moment: Temporal.ZonedDateTime) => time.windows.some((window) => within(moment, window));
  const moment = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(time.timezone);
  if (!isWithin(moment)) return null;
  return nextEnds(moment, time.windows).find((next) => !isWithin(next))?.epochMilliseconds ?? null;
}

/** Windows begin and end with a minute. */
function within({ dayOfWeek, hour, minute }: Temporal.ZonedDateTime, { from, until }: WeekWindow): boolean {
  const now = (dayOfWeek - 1) * dayMinutes + hour * 60 + minute;
  return from < until ? from <= now && now < until : from <= now || now < until;
}

/**
 * The moments after this one at which a freeze can end: the ends of its windows, and the next clock change. Windows that
 * follow each other end a week later at most.
 */
function nextEnds(moment: Temporal.ZonedDateTime, windows: readonly WeekWindow[]): readonly Temporal.ZonedDateTime[] {
  const monday = moment
    .toPlainDate()
    .subtract({ days: moment.dayOfWeek - 1 })
    .toPlainDateTime();
  const ends = windows.flatMap(({ until }) =>
    [0, 1, 2].flatMap((weeks) => {
      const end = monday.add({ weeks, minutes: until });
      // On the day on which clocks go back, a local time occurs twice.
      return (['earlier', 'later'] as const).map((disambiguation) =>
        end.toZonedDateTime(moment.timeZoneId, { disambiguation }),
      );
    }),
  );
  const clockChange = moment.getTimeZoneTransition('next');
  return [...ends, ...(clockChange === null ? [] : [clockChange])]
    .filter((next) => Temporal.ZonedDateTime.compare(next, moment) > 0)
    .toSorted(Temporal.ZonedDateTime.compare);
}
