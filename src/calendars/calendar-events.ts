import { setImmediate } from 'node:timers/promises';
import type { EventInstance, VEvent } from 'node-ical';
import { Temporal } from 'temporal-polyfill';
import type { CalendarPeriod } from '../access/freeze-windows.ts';

/** The text cannot be read as a calendar, or an event of it cannot. The message names the event and has nothing else of it. */
export class CalendarError extends Error {
  override name = 'CalendarError';
}

export type Span = {
  /** IANA name, for times without a zone and for whole days. */
  readonly timezone: string;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly until: number;
};

/** Far more than a calendar of freezes has. Each is compared with the time of each command. */
const mostPeriods = 10_000;

/** More often than hourly on each day, an event could have millions of occurrences. */
const readableFrequencies: ReadonlySet<unknown> = new Set(['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']);
const unreadableParts = ['byMinute', 'bySecond'] as const;

/**
 * The events of an iCalendar text (RFC 5545) within a span, also those that recur. An event that cannot be read makes the
 * whole calendar unreadable: to leave it out could let something start.
 *
 * @throws CalendarError
 */
export async function eventsIn(text: string, span: Span): Promise<readonly CalendarPeriod[]> {
  // A text that was cut off would lack events.
  if (!/^\uFEFF?\s*BEGIN:VCALENDAR\r?\n[\s\S]*\r?\nEND:VCALENDAR\s*$/i.test(text)) {
    throw new CalendarError('it is no complete iCalendar text');
  }
  checkLines(text);
  const { default: ical } = await import('node-ical');
  try {
    const parts = Object.values(await ical.async.parseICS(text));
    const events = parts.filter((part): part is VEvent => part?.type === 'VEVENT');
    const all = new Set(events.flatMap((event) => [event, ...Object.values(event.recurrences ?? {})]));
    if (all.size !== (text.match(/^BEGIN:VEVENT\s*$/gim)?.length ?? 0))
      throw new CalendarError('two events have one UID');
    for (const event of all) checkEvent(event);
    const bounds = { from: new Date(span.from), to: new Date(span.until), expandOngoing: true };
    const periods: CalendarPeriod[] = [];
    for (const event of events) {
      const instances = ical.expandRecurringEvent(event, bounds).filter(({ event }) => event.status !== 'CANCELLED');
      periods.push(...instances.map((instance) => periodOf(instance, span.timezone)));
      if (periods.length > mostPeriods) throw new CalendarError(`its events recur more than ${mostPeriods} times`);
      // Other work has its turn between the events of a large calendar.
      await setImmediate();
    }
    return periods.filter(({ from, until }) => from < until);
  } catch (error) {
    if (error instanceof CalendarError) throw error;
    throw new CalendarError('an event cannot be read', { cause: error });
  }
}

/** What the library reads over, and what would leave occurrences out. */
function checkLines(text: string): void {
  const unfolded = text.replace(/\r?\n[ \t]/g, '');
  for (const part of unfolded.split(/^BEGIN:VEVENT[ \t\r]*$/im).slice(1)) {
    const [event = ''] = part.split(/^END:VEVENT/im, 1);
    const rules = event.match(/^RRULE[:;]/gim)?.length ?? 0;
    const isFlawed = rules > 1 || /^(?:RDATE[:;]|RECURRENCE-ID;[^:]*RANGE=THISANDFUTURE)/im.test(event);
    if (!isFlawed) continue;
    const uid = /^UID[^:]*:(.*)$/im.exec(event)?.[1]?.trim();
    throw new CalendarError(`the event ${uid} recurs by dates, by two rules, or otherwise from some day on`);
  }
}

function checkEvent({ uid, start, end, rrule, datetype }: Partial<VEvent>): void {
  const flawed = (what: string) => new CalendarError(`the event ${uid} ${what}`);
  for (const moment of [start, end]) {
    if (!(moment instanceof Date) || Number.isNaN(moment.getTime())) throw flawed('has no valid start or end');
    if (moment.tz !== undefined && !isKnownZone(moment.tz)) throw flawed('has a time zone that is not known');
  }
  const isMixed = datetype !== 'date' && (start?.tz === undefined) !== (end?.tz === undefined);
  if (isMixed) throw flawed('has a zone at one end only');
  if (start !== undefined && end !== undefined && end < start) throw flawed('ends before it begins');
  if (rrule === undefined) return;
  const isReadable = readableFrequencies.has(rrule.options.freq);
  if (!isReadable || unreadableParts.some((part) => rrule.options[part] !== undefined))
    throw flawed('recurs too often');
}

function isKnownZone(name: string): boolean {
  try {
    return Temporal.Now.zonedDateTimeISO(name) !== null;
  } catch {
    return false;
  }
}

function periodOf({ start, end, isFullDay, summary, event }: EventInstance, timezone: string): CalendarPeriod {
  const isLocal = isFullDay || event.start.tz === undefined;
  const at = (moment: Date) => (isLocal ? inZone(moment, timezone) : moment.getTime());
  return { from: at(start), until: at(end), summary: textOf(summary) };
}

/** The library takes a time without a zone for one of this machine. */
function inZone(moment: Date, timezone: string): number {
  const local = new Temporal.PlainDateTime(
    moment.getFullYear(),
    moment.getMonth() + 1,
    moment.getDate(),
    ...([moment.getHours(), moment.getMinutes(), moment.getSeconds()] as const),
  );
  return local.toZonedDateTime(timezone).epochMilliseconds;
}

/** A text with a language or another parameter is an object. */
function textOf(summary: EventInstance['summary'] | undefined): string | null {
  const text = typeof summary === 'object' ? summary.val : summary;
  const trimmed = typeof text === 'string' ? text.trim() : '';
  return trimmed === '' ? null : trimmed;
}
