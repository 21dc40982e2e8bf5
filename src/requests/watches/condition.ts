import { Temporal } from 'temporal-polyfill';
import type { Observation } from '../events.ts';
import type { WatchTerms } from './watch-terms.ts';

/**
 * What a watch makes of a workflow.
 *
 * - `normal`: being edited, or in progress without more to say
 * - `finished`: finished or stopped, which Campaign does not tell apart
 * - `warning`: paused or could not finish, likewise
 * - `erroneous`: an error
 * - `long`: a run takes longer than `longer_than`
 * - `late`: no run was seen by `expected_by`
 * - `not_shown`: Campaign shows no state, or one that is not known
 * - `not_found`: Campaign knows no such workflow
 * - `unread`: looks fail
 */
export const conditions = [
  'normal',
  'finished',
  'warning',
  'erroneous',
  'long',
  'late',
  'not_shown',
  'not_found',
  'unread',
] as const;
export type Condition = (typeof conditions)[number];

/** One look at a workflow. */
export type WorkflowLook = {
  readonly observation: Observation;
  /** Campaign's `nextProcessingDate`, in milliseconds since the epoch; null where it shows none. */
  readonly nextProcessingAt: number | null;
  /** For how long Campaign's gateway asks not to be called; null: it does not. */
  readonly retryAfterMs: number | null;
};

/** What is known of the runs of a workflow, from looks alone. Times in milliseconds since the epoch. */
export type Runs = {
  readonly watchedSince: number;
  readonly lookedAt: number;
  /** What the last look showed, if that was in the future. */
  readonly nextAt: number | null;
  /** Since when it runs, at the earliest; null: it does not, or that is not known. */
  readonly runningSince: number | null;
  /** The end of the last moment at which a run was seen, or must have begun. */
  readonly lastRunAt: number | null;
};

export function firstRuns(now: number): Runs {
  return { watchedSince: now, lookedAt: now, nextAt: null, runningSince: null, lastRunAt: null };
}

/**
 * A scheduler that waits shows as in progress, too. Only `nextProcessingDate` tells it from a run: while that is past, the
 * workflow runs; where it moved on from a moment that is past, it ran in between. Without the field nothing is concluded.
 */
export function runsAfter(before: Runs, { observation, nextProcessingAt: next }: WorkflowLook, now: number): Runs {
  if (observation.kind !== 'seen') return { ...before, lookedAt: now };
  const isInProgress = observation.reading === 'in_progress';
  const isRunning = isInProgress && next !== null && next <= now;
  const ranBetween = before.nextAt !== null && before.nextAt <= now && next !== before.nextAt;
  return {
    watchedSince: before.watchedSince,
    lookedAt: now,
    nextAt: isInProgress && next !== null && next > now ? next : null,
    // It did not run before the last look that showed it waiting.
    runningSince: isRunning ? (before.runningSince ?? Math.max(before.lookedAt, Math.min(next, now))) : null,
    lastRunAt: isRunning || ranBetween ? now : before.lastRunAt,
  };
}

type Expectation = Pick<WatchTerms, 'expectedBy' | 'longerThanMs' | 'timezone'>;

/** What the look says; null where it failed, which says nothing of the workflow. */
export function conditionOf({ observation }: WorkflowLook, runs: Runs, terms: Expectation): Condition | null {
  if (observation.kind === 'failed') return null;
  if (observation.kind !== 'seen') return observation.kind;
  switch (observation.reading) {
    case null:
      return 'not_shown';
    case 'erroneous':
    case 'warning':
    case 'finished':
      return observation.reading;
    case 'editing':
      return 'normal';
    case 'in_progress':
      return inProgress(runs, terms);
    default:
      return observation.reading satisfies never;
  }
}

function inProgress(runs: Runs, terms: Expectation): Condition {
  const { runningSince, lookedAt } = runs;
  if (runningSince !== null) {
    return terms.longerThanMs !== null && lookedAt - runningSince > terms.longerThanMs ? 'long' : 'normal';
  }
  return isLate(runs, terms) ? 'late' : 'normal';
}

/** A day on which it was not watched from its beginning says nothing. */
function isLate({ nextAt, lastRunAt, watchedSince, lookedAt }: Runs, { expectedBy, timezone }: Expectation): boolean {
  if (expectedBy === null || timezone === null || nextAt === null) return false;
  const now = Temporal.Instant.fromEpochMilliseconds(lookedAt).toZonedDateTimeISO(timezone);
  const today = now.toPlainDate();
  const isOver = (day: Temporal.PlainDate) => momentOf(day, expectedBy, timezone) <= lookedAt;
  const day = isOver(today) ? today : today.subtract({ days: 1 });
  const from = momentOf(day, '00:00', timezone);
  return watchedSince <= from && (lastRunAt ?? 0) < from;
}

function momentOf(day: Temporal.PlainDate, time: string, timezone: string): number {
  return day.toPlainDateTime(Temporal.PlainTime.from(time)).toZonedDateTime(timezone).epochMilliseconds;
}
