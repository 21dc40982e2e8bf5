import { Temporal } from 'temporal-polyfill';
import type { Verb } from '../commands/command.ts';

/** What a freeze holds unless it says otherwise: it must not block the brake. */
export const frozenByDefault: ReadonlySet<Verb> = new Set(['start', 'resume']);

/** A freeze in force: what for, until when (milliseconds since the epoch), and which request made it; null: the configuration. */
export type ActiveFreeze = { readonly because: string; readonly until: number; readonly request: string | null };

/** When a freeze of the configuration is in force. */
export type FreezeTime =
  /** While a clock on the wall in that zone (IANA name) shows a time from `from` to before `until`, both `HH:MM`; over midnight where `until` is the earlier. */
  | { readonly kind: 'daily'; readonly from: string; readonly until: string; readonly timezone: string }
  /** Once; milliseconds since the epoch. */
  | { readonly kind: 'period'; readonly from: number; readonly until: number };

/** A freeze that the configuration has. */
export type PlannedFreeze = {
  readonly environments: ReadonlySet<string>;
  readonly verbs: ReadonlySet<Verb>;
  readonly because: string;
  readonly time: FreezeTime;
};

type FreezeQuery = { readonly environment: string; readonly verb: Verb; readonly at: number };

/** The freeze that holds this now; of several, the one that lasts longest. */
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

/** When the freeze that is in force at that moment ends; null when none is. */
export function endOf(time: FreezeTime, at: number): number | null {
  if (time.kind === 'period') return time.from <= at && at < time.until ? time.until : null;
  const from = Temporal.PlainTime.from(time.from);
  const until = Temporal.PlainTime.from(time.until);
  const isWithin = (moment: Temporal.ZonedDateTime) => within(moment.toPlainTime(), from, until);
  const moment = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(time.timezone);
  if (!isWithin(moment)) return null;
  return nextTimes(moment, until).find((next) => !isWithin(next))?.epochMilliseconds ?? null;
}

function within(shown: Temporal.PlainTime, from: Temporal.PlainTime, until: Temporal.PlainTime): boolean {
  const afterFrom = Temporal.PlainTime.compare(shown, from) >= 0;
  const beforeUntil = Temporal.PlainTime.compare(shown, until) < 0;
  return Temporal.PlainTime.compare(from, until) < 0 ? afterFrom && beforeUntil : afterFrom || beforeUntil;
}

/** The moments after this one at which a window can end: when the clock shows its end, and when the clock is changed. */
function nextTimes(moment: Temporal.ZonedDateTime, until: Temporal.PlainTime): readonly Temporal.ZonedDateTime[] {
  const days = [0, 1, 2].map((days) => moment.toPlainDate().add({ days }).toPlainDateTime(until));
  const shown = days.flatMap((day) =>
    // On the day on which clocks go back, a time is shown twice.
    (['earlier', 'later'] as const).map((disambiguation) => day.toZonedDateTime(moment.timeZoneId, { disambiguation })),
  );
  const changed = moment.getTimeZoneTransition('next');
  return [...shown, ...(changed === null ? [] : [changed])]
    .filter((next) => Temporal.ZonedDateTime.compare(next, moment) > 0)
    .toSorted(Temporal.ZonedDateTime.compare);
}
