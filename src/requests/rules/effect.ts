import type { Verb } from '../../commands/command.ts';
import type { Observation, WorkflowState } from '../events.ts';

const seconds = 1_000;
const minutes = 60 * seconds;

/** When the workflow is looked at after a command was accepted. */
const probeAfterMs = [2, 5, 15, 60]
  .map((after) => after * seconds)
  .concat([2, 3, 4, 5, 6, 7, 8, 9, 10].map((after) => after * minutes));

/** Commands are asynchronous: for so long an error may be the one from before. */
const errorCountsAfterMs = 15 * seconds;

/** A workflow whose state is not shown by then will not show it later. */
const hiddenAfterMs = 1 * minutes;

/** What a workflow shows when the command has had its effect ("Status becomes …", Adobe Campaign documentation). */
const expectedState: Record<Verb, WorkflowState> = {
  start: 'in_progress',
  pause: 'warning',
  resume: 'in_progress',
  stop: 'finished',
};

/** When the next look is due, in milliseconds since the epoch; null after the last one. */
export function nextProbeAt(acceptedAt: number, now: number): number | null {
  const after = probeAfterMs.find((ms) => acceptedAt + ms > now);
  return after === undefined ? null : acceptedAt + after;
}

/** What following a command came to. */
export type Conclusion = 'as_asked' | 'erroneous' | 'otherwise' | 'not_shown' | 'not_found' | 'failed';

export function conclusionOf(verb: Verb, observation: Observation): Conclusion {
  if (observation.kind !== 'seen') return observation.kind;
  if (observation.reading === expectedState[verb]) return 'as_asked';
  return observation.reading === 'erroneous' ? 'erroneous' : 'otherwise';
}

/** Whether a look, begun so long after the acceptance, ends the following before its time. */
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
export function resumesOrRepeats(reading: WorkflowState | null): reading is 'erroneous' | 'warning' {
  return reading === 'erroneous' || reading === 'warning';
}
