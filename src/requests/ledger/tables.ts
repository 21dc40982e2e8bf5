import { isOverriding, type RequestedAction } from '../../access/policy.ts';
import type { Task } from '../due.ts';
import type { EventType } from '../events.ts';
import { isOutcome, type State } from '../outcome.ts';
import type { Lane } from '../priority.ts';
import { type Request, workflowKey } from '../request.ts';
import { isAwaitingConfirmation } from '../rules/exclusivity.ts';

/** The tables. `requests` and `tasks` are only an index of `events`, which never change. Times are in milliseconds. */
export type Schema = {
  requests: RequestRow;
  events: EventRow;
  tasks: TaskRow;
  pacing: PacingRow;
  notified: NotifiedRow;
  confirmations: ConfirmationRow;
};

export type RequestRow = {
  id: string;
  /** Slack's `trigger_id`: one per interaction, so a command delivered twice is one request. */
  interaction: string;
  channel: string;
  workflow_key: string;
  /** Empty if the environment was not known. */
  organization: string;
  requester: string;
  verb: RequestedAction;
  state: State;
  requested_at: number;
  /** The lock key: set from the last confirmation, or from the grant if none is needed, to the outcome. Unique, so that one command (and one stop) at a time is executed on a workflow. */
  holds: string | null;
  /** The requester, until the request ends. A person's open requests are counted by this column. */
  open_by: string | null;
  /** The number and the digest of the last event. */
  head_sequence: number;
  head_digest: string;
};

export const requestColumns = [
  'id',
  'interaction',
  'channel',
  'workflow_key',
  'organization',
  'requester',
  'verb',
  'state',
  'requested_at',
  'holds',
  'open_by',
  'head_sequence',
  'head_digest',
] as const satisfies readonly (keyof RequestRow)[];

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

export const eventColumns = [
  'request',
  'sequence',
  'at',
  'type',
  'data',
  'previous_digest',
  'digest',
] as const satisfies readonly (keyof EventRow)[];

export type TaskRow = {
  request: string;
  task: Task;
  due_at: number;
  lane: Lane;
  /** The order within a lane, smallest first. */
  priority: number;
  /** The order within a priority, smallest first: how many requests of the same person were open before this one. */
  rank: number;
  /** The number of attempts since the last progress; for the back-off. */
  attempts: number;
  /** The claim (`Claim.lease`), and when its lease ends. */
  lease_owner: string | null;
  lease_until: number | null;
  /** The channel (or person) to which it posts; null if it does not post. */
  channel: string | null;
  /** After this time it posts nothing; null: no limit. */
  post_by: number | null;
};

/** A channel that Slack has limited recently; `updates` (`priority.ts`) stands for the updates in all channels. */
export type PacingRow = {
  channel: string;
  /** No posts in the channel before this time. */
  free_at: number;
  /** No longer used: always 0. Replicas of an earlier version may still read it. */
  edits_free_at: number;
  paced_until: number;
};

/** The last burst of announcements of one requester, in one channel, to the same approvers. */
export type NotifiedRow = {
  burst: string;
  /** The request whose announcement notifies the approvers. */
  request: string;
  /** The start of the burst. */
  since: number;
  /** The time of the last announcement in the burst. */
  last_at: number;
};

/**
 * Somebody other than the requester has confirmed a request, to find it by that person. It stays when the confirmation is
 * dropped because the workflow has changed. `channel` and `requested_at` are those of the request.
 */
export type ConfirmationRow = {
  person: string;
  request: string;
  channel: string;
  requested_at: number;
};

/** The index row of a request, derived from its events. */
export function indexRow(request: Request): RequestRow {
  const { id, interaction, channel, order, requester, state, requestedAt, sequence, lastDigest } = request;
  return {
    id,
    interaction,
    channel,
    workflow_key: workflowKey(order),
    organization: order.organization,
    requester,
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
 * From its last confirmation to its outcome a request locks its workflow. A stop or freeze has a separate key, so that
 * no other command blocks it. A request that waits for a confirmation has no lock.
 */
function lockKey(request: Request): string | null {
  const { grant, state, order } = request;
  if (grant === null || isOutcome(state) || isAwaitingConfirmation(request)) return null;
  const key = workflowKey(order);
  return isOverriding(order.verb) ? `${key}!stop` : key;
}
