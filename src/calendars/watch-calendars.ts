import { setTimeout as wait } from 'node:timers/promises';
import type { Calendar, CalendarPeriod, PlannedFreeze } from '../access/freeze-windows.ts';
import type { Span } from './calendar-events.ts';
import { type KnownCalendar, nameOf, type ReadCalendar } from './read-calendar.ts';

/** How often each calendar is read, from when the last one was. */
const readEveryMs = 60_000;

const dayMs = 86_400_000;
/** How far ahead events are kept, for the time in which the calendar cannot be read. */
const aheadMs = 400 * dayMs;

type Log = Record<'info' | 'warn', (fields: object, message: string) => void>;

type Needs = {
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly read: (source: string, span: Span, known: KnownCalendar | null) => Promise<ReadCalendar>;
  /** Called when the events of a calendar may have changed. */
  readonly onRead: () => void;
  /** Resolves when the calendars are to be read the next time. */
  readonly nextRead?: (signal: AbortSignal) => Promise<unknown>;
};

export type Calendars = {
  /** Its events, as they were read the last time; null if it has never been read. */
  periodsOf(calendar: Calendar): readonly CalendarPeriod[] | null;
  /** Keeps reading the calendars of these freezes, and those only. Resolves when each has been tried once. */
  watch(freezes: readonly PlannedFreeze[]): Promise<void>;
  /** The names of those that cannot be read at present. */
  unread(): readonly string[];
  end(): void;
};

type Watched = {
  readonly calendar: Calendar;
  known: KnownCalendar | null;
  /** Since when it cannot be read, in milliseconds since the epoch; null if it can, or has not been tried. */
  failingSince: number | null;
};

/** Keeps the events of calendars. While one cannot be read, its last known events count. */
export function createCalendars({ log, now, read, onRead, nextRead = usualPause }: Needs): Calendars {
  let watched: ReadonlyMap<string, Watched> = new Map();
  let watching = new AbortController();

  async function update(one: Watched): Promise<void> {
    const { source, timezone } = one.calendar;
    const from = now();
    const found = await read(source, { timezone, from, until: from + aheadMs }, one.known);
    // It was taken out of the file meanwhile.
    if (watched.get(keyOf(one.calendar)) !== one) return;
    tell(one, found);
    if (found.kind === 'failed' || found === one.known) return;
    one.known = found;
    onRead();
  }

  function tell(one: Watched, found: ReadCalendar): void {
    const calendar = nameOf(one.calendar.source);
    if (found.kind === 'failed' && one.failingSince === null) {
      one.failingSince = now();
      const { reason, status } = found;
      const meanwhile = one.known === null ? 'it freezes until then' : 'its last known events count until then';
      log.warn({ calendar, reason, status }, `a calendar of freezes cannot be read; ${meanwhile}`);
    }
    if (found.kind === 'read' && one.failingSince !== null) {
      const seconds = Math.round((now() - one.failingSince) / 1_000);
      one.failingSince = null;
      log.info({ calendar, seconds }, 'the calendar of freezes can be read again');
    }
  }

  async function keepReading(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await nextRead(signal);
      if (!signal.aborted) await Promise.all([...watched.values()].map(update));
    }
  }

  return {
    periodsOf: (calendar) => watched.get(keyOf(calendar))?.known?.periods ?? null,
    async watch(freezes) {
      watching.abort();
      watching = new AbortController();
      const calendars = freezes.flatMap(({ time }) => (time.kind === 'calendar' ? [time] : []));
      const before = watched;
      watched = new Map(
        calendars.map((calendar) => {
          const key = keyOf(calendar);
          return [key, before.get(key) ?? { calendar, known: null, failingSince: null }];
        }),
      );
      if (watched.size === 0) return;
      void keepReading(watching.signal);
      await Promise.all([...watched.values()].map(update));
    },
    unread: () =>
      [...watched.values()]
        .filter(({ failingSince }) => failingSince !== null)
        .map(({ calendar }) => nameOf(calendar.source)),
    end: () => watching.abort(),
  };
}

/** It does not keep the process alive. */
function usualPause(signal: AbortSignal): Promise<unknown> {
  return wait(readEveryMs, null, { ref: false, signal }).catch(() => null);
}

function keyOf({ source, timezone }: Calendar): string {
  return `${timezone} ${source}`;
}
