import type { PressChoice } from '../commands/command.ts';
import type { Event } from './events.ts';
import { isOutcome, type Outcome, outcomes, type State } from './outcome.ts';

/** Nothing was sent: the request can still be cancelled, expire or be superseded. */
const unsent = [
  'submitted',
  'announced',
  'awaiting_approval',
  'scheduled',
  'approved',
] as const satisfies readonly State[];

/** A confirmation can arrive before Slack's response to the announcement: people see the buttons first. */
const undecided = ['submitted', 'announced', 'awaiting_approval'] as const satisfies readonly State[];

/** Once an emergency was declared: its messages and its review, whatever becomes of the request. */
const decided = ['scheduled', 'approved', 'dispatching', ...outcomes] as const satisfies readonly State[];

const endableFrom: Record<Outcome, readonly State[]> = {
  accepted: ['dispatching'],
  rejected: ['dispatching'],
  // From an unsent state: an earlier process may have sent the command.
  unknown: [...unsent, 'dispatching'],
  not_sent: [...unsent, 'dispatching'],
  refused: unsent,
  cancelled: unsent,
  // From `announced`: an item of a batch, whose question has expired.
  expired: ['announced', 'awaiting_approval'],
  superseded: unsent,
  completed: ['approved'],
};

const pressable: Record<PressChoice, readonly State[]> = {
  approve: undecided,
  emergency: undecided,
  cancel: unsent,
  review: decided,
};

/** The state after an event, or null if the event is not allowed. This function is the whole state machine of a request. */
export function nextState(state: State, event: Event): State | null {
  switch (event.type) {
    case 'requested':
      return null;
    case 'granted':
    case 'announcing':
      return from(state, ['submitted'], 'submitted');
    case 'announced':
      // A request that ended while its announcement was being posted keeps its outcome, which can now be posted.
      return isOutcome(state) ? state : from(state, ['submitted'], 'announced');
    case 'asked':
      return from(state, ['announced'], 'awaiting_approval');
    case 'pressed':
      return from(state, pressable[event.data.choice], state);
    case 'confirmed':
      // From `announced`: an item of a batch, which has the question.
      return from(state, ['announced', 'awaiting_approval'], state);
    case 'paging':
      return from(state, event.data.about === 'emergency' ? decided : ['awaiting_approval'], state);
    case 'changed':
    case 'reminded':
    case 'calling':
    case 'listed':
      return from(state, ['awaiting_approval'], 'awaiting_approval');
    case 'escalated':
      // From `announced`: an item of a batch, which has the question.
      return from(state, ['announced', 'awaiting_approval'], state);
    case 'scheduled':
      return from(state, ['announced', 'awaiting_approval'], 'scheduled');
    case 'approved':
      return from(
        state,
        event.data.unannounced ? ['submitted'] : ['announced', 'awaiting_approval', 'scheduled'],
        'approved',
      );
    case 'emergency_offered':
      return from(state, ['awaiting_approval'], 'awaiting_approval');
    case 'emergency_telling':
    case 'emergency_told':
    case 'emergency_listed':
    case 'emergency_found':
    case 'reviewed':
      return from(state, decided, state);
    case 'dispatching':
      return from(state, ['approved'], 'dispatching');
    case 'progressed':
      return from(state, [...unsent, 'completed'], state);
    case 'partly_cancelled':
      // From `scheduled`: an item of a batch can be sent a moment before the batch is released.
      return from(state, ['scheduled', 'approved'], state);
    case 'not_reached':
      return from(state, ['dispatching'], 'approved');
    case 'ended':
      return from(state, endableFrom[event.data.outcome], event.data.outcome);
    case 'reconciled':
      return from(state, [...unsent, 'dispatching'], event.data.outcome);
    case 'reason_given':
      // From the others: a batch of which only what was not sent yet was cancelled.
      return from(state, ['cancelled', 'scheduled', 'approved', 'completed'], state);
    case 'observed':
    case 'reporting':
    case 'reported':
    case 'notified':
    case 'noting':
    case 'noted':
    case 'text_erased':
      return from(state, outcomes, state);
    case 'pause_reminding':
    case 'pause_reminded':
    case 'pause_not_reminded':
    case 'pause_answered':
    case 'pause_answer_shown':
      // From `unknown`: the workflow was seen paused afterwards.
      return from(state, ['accepted', 'unknown', 'completed'], state);
    case 'moved':
    case 'clock_turned_back':
    case 'press_refused':
    case 'press_answered':
    case 'not_posted':
    case 'shown':
    // The question may have been answered while somebody was told of it.
    case 'paged':
    case 'called':
      return state;
    default:
      return event satisfies never;
  }
}

/** Whether the request can still be cancelled: nothing has been sent, and it has not ended. */
export function isUnsent(state: State): boolean {
  return !isOutcome(state) && state !== 'dispatching';
}

/** Whether a confirmation can still be given. A confirmation before the question is judged later. */
export function isUndecided(state: State): boolean {
  return (undecided as readonly State[]).includes(state);
}

function from(state: State, allowed: readonly State[], to: State): State | null {
  return allowed.includes(state) ? to : null;
}
