import type { RequestedAction } from '../../access/policy.ts';
import type { Verb } from '../../commands/command.ts';
import type { Observation, ProbeResult, RecordedWorkflowState } from '../events.ts';
import type { Request } from '../request.ts';

const seconds = 1_000;
const minutes = 60 * seconds;

/** When the workflow's state is read after a command was accepted. */
const probeAfterMs = [2, 5, 15, 60]
  .map((after) => after * seconds)
  .concat([2, 3, 4, 5, 6, 7, 8, 9, 10].map((after) => after * minutes));

/** Commands are asynchronous: until then, an error may be older than the command. */
const errorCountsAfterMs = 15 * seconds;

/** If Campaign shows no state by then, it will not show one later. */
const hiddenAfterMs = 1 * minutes;

/** The state of a workflow once the command has taken effect ("Status becomes …", Adobe Campaign documentation). */
export const expectedState: Record<Verb, RecordedWorkflowState> = {
  start: 'in_progress',
  pause: 'warning',
  resume: 'in_progress',
  stop: 'finished',
};

/** When the next probe is due, in milliseconds since the epoch; null after the last one. */
export function nextProbeAt(acceptedAt: number, now: number): number | null {
  const after = probeAfterMs.find((ms) => acceptedAt + ms > now);
  return after === undefined ? null : acceptedAt + after;
}

/** What the last probe says about the command's effect. */
export type Conclusion = 'as_asked' | 'erroneous' | 'otherwise' | 'not_shown' | 'not_found' | 'failed';

export function conclusionOf(verb: Verb, observation: Observation): Conclusion {
  if (observation.kind !== 'seen') return observation.kind;
  if (observation.reading === expectedState[verb]) return 'as_asked';
  return observation.reading === 'erroneous' ? 'erroneous' : 'otherwise';
}

/** Whether a probe that started `sinceMs` after the acceptance is conclusive, so that no more are needed. */
export function isConclusive(verb: Verb, observation: Observation, sinceMs: number): boolean {
  switch (conclusionOf(verb, observation)) {
    case 'as_asked':
      return true;
    case 'erroneous':
      return sinceMs >= errorCountsAfterMs;
    case 'not_shown':
      return sinceMs >= hiddenAfterMs;
    default:
      return false;
  }
}

/** "If paused, resumes. After an error, runs the failed activity again" (Adobe Campaign documentation, start). */
export function resumesOrRepeats(reading: RecordedWorkflowState | null): reading is 'erroneous' | 'warning' {
  return reading === 'erroneous' || reading === 'warning';
}

/** The state that a probe saw; null where it saw none. */
export function stateIn(seen: ProbeResult | null): RecordedWorkflowState | null {
  return seen?.kind === 'seen' ? seen.reading : null;
}

/** Whether it is a pause that Campaign has accepted, or may have, and showed afterwards. */
export function hasPaused({ order, state, observation }: Pick<Request, 'order' | 'state' | 'observation'>): boolean {
  if (order.verb !== 'pause') return false;
  return state === 'accepted' || (state === 'unknown' && stateIn(observation) === expectedState.pause);
}

/** A change of the workflow; `before` is null where Campaign had not shown its state. */
export type WorkflowChange = { readonly before: RecordedWorkflowState | null; readonly now: RecordedWorkflowState };

/** Two states can be compared only if Campaign showed both. But where it showed none before, nobody was asked whether a start may resume or repeat. */
export function changeBetween(
  before: RecordedWorkflowState | null,
  seen: ProbeResult | null,
  verb: RequestedAction,
): WorkflowChange | null {
  const now = stateIn(seen);
  if (now === null || before === now) return null;
  if (before !== null) return { before, now };
  return verb === 'start' && resumesOrRepeats(now) ? { before, now } : null;
}
