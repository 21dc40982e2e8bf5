import { Temporal } from 'temporal-polyfill';
import { momentOf } from './local-time.ts';

export const rotations = ['daily', 'weekly'] as const;
export type Rotation = (typeof rotations)[number];

/** People who are on call in turn, each for a day or a week. */
export type OnCall = {
  /** In the order of their turns; at least one. */
  readonly users: readonly string[];
  readonly rotation: Rotation;
  /** When the first turn begins, as a local time (`2026-01-05T08:00`) in that zone (IANA name). Turns change at its time of the day. */
  readonly from: string;
  readonly timezone: string;
};

const turnDays: Readonly<Record<Rotation, number>> = { daily: 1, weekly: 7 };

/**
 * Who is on call at a moment (milliseconds since the epoch): always exactly one of them. Before the first turn it is the
 * first of them.
 */
export function onCallAt({ users, rotation, from, timezone }: OnCall, at: number): string {
  const first = Temporal.PlainDateTime.from(from);
  const begins = (turn: number) => momentOf(first.add({ days: turn * turnDays[rotation] }), timezone);
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).toPlainDateTime();
  let turn = Math.floor(first.until(local, { largestUnit: 'day' }).total({ unit: 'day' }) / turnDays[rotation]);
  // On the day of a clock change the local time says less than the moment.
  while (begins(turn + 1) <= at) turn += 1;
  while (begins(turn) > at) turn -= 1;
  const [one = ''] = users.slice(Math.max(0, turn) % users.length);
  return one;
}
