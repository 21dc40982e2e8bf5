import { isOverriding, type RequestedAction } from '../../access/policy.ts';
import type { Task } from '../due.ts';
import type { EventType } from '../events.ts';
import { isOutcome, type State } from '../outcome.ts';
import type { Lane } from '../priority.ts';
import { type Request, workflowKey } from '../request.ts';
import { isAwaitingConfirmation } from '../rules/exclusivity.ts';

/** The tables. `requests` and `tasks` only index what `events`, which are never changed, tell. Times in milliseconds. */
export type Schema = {
  requests: RequestRow;
  events: EventRow;
  tasks: TaskRow;
  pacing: PacingRow;
  notified: NotifiedRow;
};

export type RequestRow = {
  id: string;
  /** Slack's `trigger_id`: one per interaction, so a command delivered twice is one request. */
  interaction: string;
  channel: string;
  workflow_key: string;
  verb: RequestedAction;
  state: State;
  requested_at: number;
  /** What the request occupies from its last confirmation, or from the grant where none is needed, to the outcome; unique, so that one command (and one stop) at a time is on its way to a workflow. */
  holds: string | null;
  /** Who asked for it, until it ends: what one person has open is counted by this. */
  open_by: string | null;
  /** The number and the digest of the last event. */
  head_sequence: number;
  head_digest: string;
};

export type EventRow = {
  request: string;
  sequence: number;
  at: number;
  type: EventType;
  /** JSON. */
  data: string;
  previous_digest: string;
  digest: string;
};

export type TaskRow = {
  request: string;
  task: Task;
  due_at: number;
  lane: Lane;
  /** Within a lane the smallest goes first, */
  priority: number;
  /** and of the same priority the smallest of these: how many requests of the same person were open before this one. */
  rank: number;
  /** How often it was put off since it last got anywhere; for the back-off. */
  attempts: number;
  /** Names the claim of whoever is at it, and until when nobody else may be. */
  lease_owner: string | null;
  lease_until: number | null;
  /** Where it posts; null where it does not. */
  channel: string | null;
  /** After this it posts nothing any more; null where it is never too late. */
  post_by: number | null;
};

/** A channel that Slack has limited, until it has not done so for a while. */
export type PacingRow = {
  channel: string;
  /** Before this nothing is posted there, */
  free_at: number;
  /** and before this nothing is edited. */
  edits_free_at: number;
  paced_until: number;
};

/** The last burst of announcements of one requester, in one channel, to the same approvers. */
export type NotifiedRow = {
  burst: string;
  /** Whose announcement notifies the approvers, */
  request: string;
  /** from when on, */
  since: number;
  /** and when the last announcement joined. */
  last_at: number;
};

/** What the index says of a request: nothing that its events do not tell. */
export function indexRow(request: Request): RequestRow {
  const { id, interaction, channel, order, requester, state, requestedAt, sequence, lastDigest } = request;
  return {
    id,
    interaction,
    channel,
    workflow_key: workflowKey(order),
    verb: order.verb,
    state,
    requested_at: requestedAt,
    holds: lockKey(request),
    open_by: isOutcome(state) ? null : requester,
    head_sequence: sequence,
    head_digest: lastDigest,
  };
}

/**
 * Once nobody has to be asked any more, and until the outcome, a request holds its workflow; a brake has a hold of its
 * own, for the brake is never blocked. A question holds nothing.
 */
function lockKey(request: Request): string | null {
  const { grant, state, order } = request;
  if (grant === null || isOutcome(state) || isAwaitingConfirmation(request)) return null;
  const key = workflowKey(order);
  return isOverriding(order.verb) ? `${key}!stop` : key;
}
