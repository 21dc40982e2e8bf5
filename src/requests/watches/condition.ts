import { Temporal } from 'temporal-polyfill';
import { momentOf } from '../../access/local-time.ts';
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
  /** For how long Campaign, or what stands before it, asks not to be called; null: it does not. */
  readonly retryAfterMs: number | null;
};

/** What is known of the runs of a workflow, from looks alone. Times in milliseconds since the epoch. */
export type Runs = {
  readonly watchedSince: number;
  readonly lookedAt: number;
  /** What the last look showed, if that was in the future. */
  readonly nextAt: number | null;
  /** The moment in the future that Campaign showed last, since when, and the one before it; null: none yet. */
  readonly planned: { readonly at: number; readonly since: number; readonly before: number | null } | null;
  /** The run that goes on: since when, at the earliest, and the moment that it was planned for; null: none, or not known. */
  readonly running: { readonly since: number; readonly plannedAt: number } | null;
  /** When a run was seen last, or when one was planned that must have begun. */
  readonly lastRunAt: number | null;
};

export function firstRuns(now: number): Runs {
  return { watchedSince: now, lookedAt: now, nextAt: null, planned: null, running: null, lastRunAt: null };
}

/**
 * A scheduler that waits shows as in progress, too. Only `nextProcessingDate` tells it from a run: while that is past, the
 * workflow runs; where it moved on from a moment that is past, it ran in between. Without the field nothing is concluded.
 */
export function runsAfter(before: Runs, { observation, nextProcessingAt: next }: WorkflowLook, now: number): Runs {
  if (observation.kind !== 'seen') return before;
  const isInProgress = observation.reading === 'in_progress';
  const isRunning = isInProgress && next !== null && next <= now;
  const ranBetween = before.nextAt !== null && before.nextAt <= now && next !== before.nextAt ? before.nextAt : null;
  const nextAt = isInProgress && next !== null && next > now ? next : null;
  return {
    watchedSince: before.watchedSince,
    lookedAt: now,
    nextAt,
    planned: planAfter(before.planned, nextAt, now),
    running: isRunning ? runOf(before, next) : null,
    lastRunAt: isRunning ? now : (ranBetween ?? before.lastRunAt),
  };
}

function planAfter(before: Runs['planned'], nextAt: number | null, now: number): Runs['planned'] {
  if (nextAt === null || nextAt === before?.at) return before;
  return { at: nextAt, since: now, before: before?.at ?? null };
}

/** The run that was planned for this moment. It did not run before the last look that showed the workflow. */
function runOf({ running, lookedAt }: Runs, plannedAt: number): Runs['running'] {
  return running?.plannedAt === plannedAt ? running : { since: Math.max(lookedAt, plannedAt), plannedAt };
}

type Expectation = Pick<WatchTerms, 'expectedBy' | 'longerThanMs' | 'timezone'>;

/** What the look says; null where it failed, which says nothing of the workflow. */
function conditionOf({ observation }: WorkflowLook, runs: Runs, terms: Expectation): Condition | null {
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
  const { running, lookedAt } = runs;
  if (running !== null) {
    return terms.longerThanMs !== null && lookedAt - running.since > terms.longerThanMs ? 'long' : 'normal';
  }
  return missedRun(runs, terms) === null ? 'normal' : 'late';
}

/**
 * The moment by which a run should have begun that has not; null: there is none. A day on which it was not watched from its
 * beginning says nothing, and neither does one for which nothing was planned.
 */
function missedRun(runs: Runs, { expectedBy, timezone }: Expectation): number | null {
  const { nextAt, lastRunAt, watchedSince, lookedAt } = runs;
  if (expectedBy === null || timezone === null || nextAt === null) return null;
  const today = dayOf(lookedAt, timezone);
  const isOver = atTime(today, expectedBy, timezone) <= lookedAt;
  const day = missableDay(runs, isOver ? today : today.subtract({ days: 1 }), timezone);
  if (day === null) return null;
  const from = atTime(day, '00:00', timezone);
  return watchedSince <= from && (lastRunAt ?? 0) < from ? atTime(day, expectedBy, timezone) : null;
}

/**
 * A moment by which a run should have begun, and that has passed since the look before: what that look has shown was not
 * planned to begin until after it. Nobody may have looked for days.
 */
function missedUnseen(before: Runs, now: number, terms: Expectation): number | null {
  const { expectedBy, timezone } = terms;
  if (expectedBy === null || timezone === null || before.nextAt === null) return null;
  const end = Math.min(now + 1, before.nextAt);
  for (let day = dayOf(before.lookedAt, timezone); ; day = day.add({ days: 1 })) {
    const at = atTime(day, expectedBy, timezone);
    if (at >= end) return null;
    if (at > before.lookedAt && missedRun({ ...before, lookedAt: at }, terms) !== null) return at;
  }
}

/** What the look says, where the one before it counts as well. `missedAt`: a run has not begun by then, on another day. */
export function conditionSince(
  before: Runs,
  look: WorkflowLook,
  runs: Runs,
  terms: Expectation,
): { readonly condition: Condition | null; readonly missedAt: number | null } {
  const condition = conditionOf(look, runs, terms);
  if (condition !== 'normal' && condition !== 'late') return { condition, missedAt: null };
  const missedAt = condition === 'late' ? missedRun(runs, terms) : missedUnseen(before, runs.lookedAt, terms);
  if (missedAt === null) return { condition, missedAt };
  const isToday =
    terms.timezone !== null && dayOf(missedAt, terms.timezone).equals(dayOf(runs.lookedAt, terms.timezone));
  return { condition: 'late', missedAt: isToday ? null : missedAt };
}

/** The newest day, up to this one, for which a run was planned; null where no date shows one. */
function missableDay(
  { planned, lastRunAt }: Runs,
  last: Temporal.PlainDate,
  timezone: string,
): Temporal.PlainDate | null {
  if (planned === null) return null;
  const isUpTo = (at: number, day: Temporal.PlainDate) => Temporal.PlainDate.compare(dayOf(at, timezone), day) <= 0;
  if (isUpTo(planned.at, last)) return last;
  // The next run is on a later day: only the date before it says whether one was planned until it was changed, and did not run.
  const day = isUpTo(planned.since, last) ? dayOf(planned.since, timezone) : last;
  const { before } = planned;
  return before !== null && (lastRunAt ?? 0) < before && isUpTo(before, day) ? day : null;
}

function dayOf(at: number, timezone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).toPlainDate();
}

function atTime(day: Temporal.PlainDate, time: string, timezone: string): number {
  return momentOf(day.toPlainDateTime(Temporal.PlainTime.from(time)), timezone);
}
