/** How a request can end; the README says what each means for people. */
export const outcomes = [
  'accepted',
  'rejected',
  'unknown',
  'not_sent',
  'refused',
  'cancelled',
  'expired',
  'superseded',
] as const;
export type Outcome = (typeof outcomes)[number];

export type State = 'submitted' | 'announced' | 'awaiting_approval' | 'approved' | 'dispatching' | Outcome;

/** What an announcement can show: a question, that the command is on its way or waits to be sent again, or the end. */
export const announcementStates = ['awaiting_approval', 'approved', 'retrying', ...outcomes] as const;
export type AnnouncementState = (typeof announcementStates)[number];

export function isOutcome(state: State | AnnouncementState): state is Outcome {
  return (outcomes as readonly (State | AnnouncementState)[]).includes(state);
}
