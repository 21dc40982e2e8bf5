import { isDeepStrictEqual } from 'node:util';
import type { RecordedWorkflowState } from '../events.ts';
import { type Condition, conditionSince, type Runs, runsAfter, type WorkflowLook } from './condition.ts';
import { emptyOutbox, type Outbox, outboxAfter } from './outbox.ts';
import { type KnownCommand, nothingSeen, type Telling, type WatchMemory, watchStep } from './watch-step.ts';
import { quietUntil, type WatchTerms } from './watch-terms.ts';

/** A workflow that is looked at. Times in milliseconds since the epoch. */
export type Watched = {
  readonly everyMs: number;
  /** How many looks in a row have failed, and since when. */
  readonly failures: number;
  readonly failingSince: number | null;
  readonly answeredAt: number | null;
  /** The state that Campaign last showed. */
  readonly reading: RecordedWorkflowState | null;
  readonly runs: Runs;
};

/** A channel that is told of a workflow, or of an organization whose looks fail. */
export type Watch = {
  readonly terms: WatchTerms;
  readonly memory: WatchMemory;
  readonly mutedUntil: number | null;
  readonly outbox: Outbox;
  /** Whether its newest alert is posted. */
  readonly hasMessage: boolean;
};

export type LookFacts = {
  readonly now: number;
  /** What was known of the runs before the look. */
  readonly runsBefore: Runs;
  /** When Campaign last answered a look at any workflow of the organization. */
  readonly organizationAnsweredAt: number | null;
  readonly command: KnownCommand | null;
};

/** A single failed look says nothing yet: this many in a row do, of one workflow, and of a whole organization. */
const failedLooks = { ofWorkflow: 3, ofOrganization: 2 } as const;

/** What is known of the workflow after one more look. */
export function watchedAfter(before: Watched, look: WorkflowLook, now: number): Watched {
  const { everyMs, reading } = before;
  const runs = runsAfter(before.runs, look, now);
  const { observation } = look;
  if (observation.kind === 'failed') {
    return { ...before, runs, failures: before.failures + 1, failingSince: before.failingSince ?? now };
  }
  const shown = observation.kind === 'seen' ? observation.reading : null;
  return { everyMs, runs, failures: 0, failingSince: null, answeredAt: now, reading: shown ?? reading };
}

/** A change of the workflow's state that two looks have seen. */
export type SeenChange = { readonly from: RecordedWorkflowState; readonly to: RecordedWorkflowState };

/** What a look has changed; `first`: Campaign had not shown its state before. */
export function changeIn(before: Watched, { observation }: WorkflowLook): SeenChange | 'first' | 'none' {
  const to = observation.kind === 'seen' ? observation.reading : null;
  if (to === null || to === before.reading) return 'none';
  return before.reading === null ? 'first' : { from: before.reading, to };
}

/** The watch of one channel after a look; null: nothing of it changes. */
export function watchAfter(watch: Watch, look: WorkflowLook, watched: Watched, facts: LookFacts): Stepped | null {
  const { condition, missedAt } = conditionSince(facts.runsBefore, look, watched.runs, watch.terms);
  const shown = condition ?? failing(watched, facts);
  return shown === null ? null : stepped(watch, { condition: shown, missedAt }, watched, facts);
}

/** The same for what a channel is told of the organization: that no look is answered, or that looks are again. */
export function organizationAfter(
  watch: Pick<Watch, 'terms'> & Partial<Watch>,
  watched: Watched,
  facts: LookFacts,
): Stepped | null {
  const { memory = nothingSeen, mutedUntil = null, outbox = emptyOutbox, hasMessage = false, terms } = watch;
  const isFailing = watched.failures > 0;
  if (isFailing && (watched.failures < failedLooks.ofOrganization || isAnswered(watched, facts))) return null;
  const known = { memory, mutedUntil, outbox, hasMessage, terms };
  const condition = isFailing ? 'unread' : 'normal';
  return stepped(known, { condition, missedAt: null }, watched, { ...facts, command: null });
}

/** Where others of the organization are answered, it is this workflow that cannot be read. */
function failing(watched: Watched, facts: LookFacts): Condition | null {
  return watched.failures >= failedLooks.ofWorkflow && isAnswered(watched, facts) ? 'unread' : null;
}

function isAnswered({ failingSince }: Watched, { organizationAnsweredAt }: LookFacts): boolean {
  return organizationAnsweredAt !== null && failingSince !== null && organizationAnsweredAt > failingSince;
}

export type Stepped = Pick<Watch, 'memory' | 'outbox'> & { readonly telling: Telling | null };

type Shown = { readonly condition: Condition; readonly missedAt: number | null };

function stepped(watch: Watch, { condition, missedAt }: Shown, { everyMs }: Watched, facts: LookFacts): Stepped | null {
  const { now, command } = facts;
  const isSilent = quietUntil(watch.terms, now) !== null || (watch.mutedUntil ?? 0) > now;
  const { pausesEndAfterMs } = watch.terms;
  const known = { now, isSilent, everyMs, pausesEndAfterMs, command, missedAt };
  const { memory, telling } = watchStep(watch.memory, condition, known);
  const outbox =
    telling === null ? watch.outbox : outboxAfter(watch.outbox, telling, memory, { hasMessage: watch.hasMessage, now });
  return isDeepStrictEqual(memory, watch.memory) ? null : { memory, outbox, telling };
}
