import type { Event } from './events.ts';
import { isOutcome, type Outcome, outcomes, type State } from './outcome.ts';

/** Before anything was sent: here a request can still be taken back, expire or give way. */
const unsent = ['submitted', 'announced', 'awaiting_approval', 'approved'] as const satisfies readonly State[];

/** People can press what Slack already shows while the bot still waits for Slack to say that it is posted. */
const undecided = ['submitted', 'announced', 'awaiting_approval'] as const satisfies readonly State[];

const endableFrom: Record<Outcome, readonly State[]> = {
  accepted: ['dispatching'],
  rejected: ['dispatching'],
  // Before sending: where it cannot be ruled out that an earlier process has sent it.
  unknown: [...unsent, 'dispatching'],
  not_sent: [...unsent, 'dispatching'],
  refused: unsent,
  cancelled: unsent,
  expired: ['awaiting_approval'],
  superseded: unsent,
};

/** The state that an event leads to, or null where it may not happen. The whole life of a request is this function. */
export function nextState(state: State, event: Event): State | null {
  switch (event.type) {
    case 'requested':
      return null;
    case 'granted':
    case 'announcing':
      return from(state, ['submitted'], 'submitted');
    case 'announced':
      // What ended while it was being posted keeps its end, and the channel can be told of it.
      return isOutcome(state) ? state : from(state, ['submitted'], 'announced');
    case 'asked':
      return from(state, ['announced'], 'awaiting_approval');
    case 'pressed':
      return from(state, event.data.choice === 'approve' ? undecided : unsent, state);
    case 'confirmed':
    case 'changed':
      return from(state, ['awaiting_approval'], 'awaiting_approval');
    case 'approved':
      return from(state, ['announced', 'awaiting_approval'], 'approved');
    case 'dispatching':
      return from(state, ['approved'], 'dispatching');
    case 'not_reached':
      return from(state, ['dispatching'], 'approved');
    case 'ended':
      return from(state, endableFrom[event.data.outcome], event.data.outcome);
    case 'reconciled':
      return from(state, [...unsent, 'dispatching'], event.data.outcome);
    case 'observed':
    case 'reporting':
    case 'reported':
    case 'notified':
    case 'noting':
    case 'noted':
      return from(state, outcomes, state);
    case 'moved':
    case 'press_refused':
    case 'press_answered':
    case 'not_posted':
    case 'shown':
      return state;
    default:
      return event satisfies never;
  }
}

/** Whether somebody can still take the request back: nothing has been sent, and it has not ended. */
export function isUnsent(state: State): boolean {
  return !isOutcome(state) && state !== 'dispatching';
}

/** Whether a confirmation can still come, or has come too early to be judged. */
export function isUndecided(state: State): boolean {
  return (undecided as readonly State[]).includes(state);
}

function from(state: State, allowed: readonly State[], to: State): State | null {
  return allowed.includes(state) ? to : null;
}
