import { Temporal } from 'temporal-polyfill';
import type { Verb } from '../commands/command.ts';

/** The verbs that a freeze blocks by default. It must not block overriding commands. */
export const frozenByDefault: ReadonlySet<Verb> = new Set(['start', 'resume']);

/** A freeze in force: its reason (null if it was erased), its end (milliseconds since the epoch), and the request that declared it; null: the configuration. */
export type ActiveFreeze = { readonly because: string | null; readonly until: number; readonly request: string | null };

/** When a freeze of the configuration is in force. */
export type FreezeTime =
  /** While the local time in that zone (IANA name) is from `from` to before `until`, both `HH:MM`; across midnight if `until` is earlier. */
  | { readonly kind: 'daily'; readonly from: string; readonly until: string; readonly timezone: string }
  /** Once; milliseconds since the epoch. */
  | { readonly kind: 'period'; readonly from: number; readonly until: number };

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

/** When the freeze that is in force at that moment ends; null if it is not in force. */
export function endOf(time: FreezeTime, at: number): number | null {
  if (time.kind === 'period') return time.from <= at && at < time.until ? time.until : null;
  const from = Temporal.PlainTime.from(time.from);
  const until = Temporal.PlainTime.from(time.until);
  const isWithin = (moment: Temporal.ZonedDateTime) => within(moment.toPlainTime(), from, until);
  const moment = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(time.timezone);
  if (!isWithin(moment)) return null;
  return nextTimes(moment, until).find((next) => !isWithin(next))?.epochMilliseconds ?? null;
}

function within(time: Temporal.PlainTime, from: Temporal.PlainTime, until: Temporal.PlainTime): boolean {
  const afterFrom = Temporal.PlainTime.compare(time, from) >= 0;
  const beforeUntil = Temporal.PlainTime.compare(time, until) < 0;
  return Temporal.PlainTime.compare(from, until) < 0 ? afterFrom && beforeUntil : afterFrom || beforeUntil;
}

/** The moments after this one at which a window can end: its local end time, and the next clock change. */
function nextTimes(moment: Temporal.ZonedDateTime, until: Temporal.PlainTime): readonly Temporal.ZonedDateTime[] {
  const days = [0, 1, 2].map((days) => moment.toPlainDate().add({ days }).toPlainDateTime(until));
  const ends = days.flatMap((day) =>
    // On the day on which clocks go back, a local time occurs twice.
    (['earlier', 'later'] as const).map((disambiguation) => day.toZonedDateTime(moment.timeZoneId, { disambiguation })),
  );
  const clockChange = moment.getTimeZoneTransition('next');
  return [...ends, ...(clockChange === null ? [] : [clockChange])]
    .filter((next) => Temporal.ZonedDateTime.compare(next, moment) > 0)
    .toSorted(Temporal.ZonedDateTime.compare);
}
