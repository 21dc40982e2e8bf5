import type { Generated } from 'kysely';
import { isOfWatch, isOverriding, type RequestedAction } from '../../access/policy.ts';
import type { Task } from '../due.ts';
import type { EventType, RecordedEvent } from '../events.ts';
import { isOutcome, type State } from '../outcome.ts';
import type { Lane } from '../priority.ts';
import { isBatch, isForLater, type Request, workflowKey } from '../request.ts';
import { isAwaitingConfirmation } from '../rules/exclusivity.ts';
import type { TextKind } from '../texts.ts';
import type { LogEvent } from './log/log-event.ts';
import type { WatchedRow, WatchRow } from './watches/watch-rows.ts';

/**
 * The tables. `requests` and `tasks` are only an index of `events`, which never change. The `log_` tables are the
 * transparency log over all events; they never change either. Times are in milliseconds.
 */
export type Schema = {
  requests: RequestRow;
  events: EventRow;
  tasks: TaskRow;
  pacing: PacingRow;
  notified: NotifiedRow;
  texts: TextRow;
  confirmations: ConfirmationRow;
  /** Only in SQLite. */
  erasures: ErasureRow;
  log_posts: LogPostRow;
  log_leaves: LeafRow;
  log_nodes: NodeRow;
  log_checkpoints: CheckpointRow;
  log_events: LogEventRow;
  watched: WatchedRow;
  watches: WatchRow;
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
  /** The number of the last event that has its place in the log. Null: the row was not written by the bot, and nothing of it gets a place. */
  sealed_sequence: Generated<number | null>;
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
  /** The bot's code for this event; null where it has no key. */
  mac: string | null;
};

export const eventColumns = [
  'request',
  'sequence',
  'at',
  'type',
  'data',
  'previous_digest',
  'digest',
  'mac',
] as const satisfies readonly (keyof EventRow)[];

/** What people wrote, and their names, until it is erased. The event has the hash of each (`texts.ts`). */
export type TextRow = {
  request: string;
  /** That of the event. */
  sequence: number;
  kind: TextKind;
  text: string;
  salt: string;
};

export const textColumns = [
  'request',
  'sequence',
  'kind',
  'text',
  'salt',
] as const satisfies readonly (keyof TextRow)[];

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

/** An order of the audit program to erase the texts of a request (`erasure-orders.ts`). */
export type ErasureRow = {
  id: string;
  request: string;
  by: string;
  because: string;
  asked_at: number;
  /** The code of whoever has the bot's key; null where it has none. */
  mac: string | null;
  /** JSON. Null: not carried out yet. */
  answer: string | null;
  /** When nothing of the erased texts was left in the files. Null: not yet. */
  done_at: number | null;
};

/** The place of an event in the log. */
export type LeafRow = {
  /** From 0, without gaps. */
  place: number;
  /** `LOG` for an event of the log itself. */
  request: string;
  sequence: number;
  /** The digest of the event. Its 32 bytes are the data of the leaf. */
  digest: string;
};

/** The tables of the log, each with its keys. */
export const logKeys = {
  log_leaves: [['place'], ['request', 'sequence']],
  log_nodes: [['level', 'place']],
  log_checkpoints: [['size']],
  log_events: [['sequence']],
} as const satisfies Partial<Record<keyof Schema, readonly (readonly string[])[]>>;

export const logTables = Object.keys(logKeys) as readonly (keyof typeof logKeys)[];

/** The root of a perfect subtree over the leaves [place · 2^level, (place + 1) · 2^level), in hex. Level 0 follows from the leaves. */
export type NodeRow = { level: number; place: number; hash: string };

export type CheckpointRow = {
  size: number;
  at: number;
  /** The root hash in hex. */
  root: string;
  /** The checkpoint as text, with its signature where there is a key. */
  note: string;
};

/** The checkpoint of a day, which is posted in the channel of the record (`log/log-posts.ts`). */
export type LogPostRow = Pick<CheckpointRow, 'size' | 'root' | 'note'> & {
  /** UTC, such as `2026-11-30`. */
  day: string;
  /** When the day was claimed first. */
  at: number;
  /** Of the last try. */
  channel: string;
  lease_until: number;
  /** 1: the last try may have posted it. */
  may_be_posted: number;
  /** Why it is not posted yet, as it was logged last. */
  problem: string | null;
  /** The message. Null: it is not posted, as far as is known. */
  ts: string | null;
};

/** An event of the log itself. Its digest is that of an event of the request `LOG`. */
export type LogEventRow = Omit<EventRow, 'request' | 'type'> & { type: LogEvent['type'] };

/** What the bot writes of a request into its index row. `sealed_sequence` is written when an event gets its place in the log. */
export type IndexRow = Omit<RequestRow, 'sealed_sequence'>;

/** The event of a row. The data is not validated: the database refuses changes, and the digests reveal them. */
export function recordedEvent({ previous_digest, data, mac: _, ...row }: EventRow): RecordedEvent {
  return { ...row, data: JSON.parse(data), previousDigest: previous_digest } as RecordedEvent;
}

/** The index row of a request, derived from its events. */
export function indexRow(request: Request): IndexRow {
  const { id, interaction, channel, order, batch, requester, state, requestedAt, sequence, lastDigest } = request;
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
    // A batch counts as one command.
    open_by: isOutcome(state) || batch !== null ? null : requester,
    head_sequence: sequence,
    head_digest: lastDigest,
  };
}

/**
 * From its last confirmation to its outcome a request locks its workflow. A stop or freeze has a separate key, so that
 * no other command blocks it, and so has the watch of a channel. A request that waits for a confirmation has no lock.
 */
function lockKey(request: Request): string | null {
  const { grant, state, order, channel } = request;
  // Its items lock their workflows.
  if (isBatch(request)) return null;
  if (grant === null || isOutcome(state) || isAwaitingConfirmation(request) || isForLater(request)) return null;
  const key = workflowKey(order);
  if (isOfWatch(order.verb)) return `${key}!watch ${channel}`;
  return isOverriding(order.verb) ? `${key}!stop` : key;
}
