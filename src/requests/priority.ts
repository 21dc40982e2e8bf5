import { isOverriding } from '../access/policy.ts';
import type { Task } from './due.ts';
import { isOutcome } from './outcome.ts';
import type { Request } from './request.ts';
import { decidedAt, lastDispatchAt, updateBy } from './retry-policy.ts';

/**
 * Bulkheads: each lane has its own slots, so that a full lane does not delay the others.
 *
 * - `stops`: granted stops and freezes.
 * - `new_stops`: stops and freezes that are not granted yet, of people whom a rule may name and who have few of them open.
 * - `replies`: private replies to refused people.
 * - `updates`: updates of announcements, which Slack limits in the whole workspace, so that many can wait.
 * - `rest`: everything else.
 */
export const lanes = ['stops', 'new_stops', 'rest', 'replies', 'updates'] as const;
export type Lane = (typeof lanes)[number];

/** How many steps of each lane may start. */
export type Slots = Readonly<Record<Lane, number>>;

export function slotsOf(count: (lane: Lane) => number): Slots {
  return {
    ...{ stops: count('stops'), new_stops: count('new_stops'), rest: count('rest') },
    ...{ replies: count('replies'), updates: count('updates') },
  };
}

/** How many stops and freezes of one person can be in the lane `new_stops` at once. */
const mostNewStops = 3;

/**
 * Only a grant makes a request urgent: anybody can type a stop.
 *
 * @param newStops how many other stops and freezes of the same person are not announced yet
 */
export function laneOf(task: Task, request: Request, newStops = Number.POSITIVE_INFINITY): Lane {
  const { grant, state, order } = request;
  if (task === 'show') return 'updates';
  if (task === 'answer' || (grant === null && isOutcome(state))) return 'replies';
  if (!isOverriding(order.verb)) return 'rest';
  if (grant === null) return newStops < mostNewStops ? 'new_stops' : 'rest';
  return state === 'refused' ? 'rest' : 'stops';
}

/** Until it is granted or ends, a request stays in its first lane. */
export function keepsLane({ grant, state }: Request): boolean {
  return grant === null && !isOutcome(state);
}

/** The order of tasks within a lane, and of posts in a channel that Slack limits. */
const order = [
  'decide',
  'advance',
  'offer',
  'review',
  'look',
  'report',
  'stop_update',
  'announce',
  'answer',
  'follow',
  'note',
  'pause_reminder',
  'escalate',
  'page',
  'call',
  'question_update',
  'show',
] as const;
type Rank = (typeof order)[number];

/** Tasks that only update what people already know. */
const informative: ReadonlySet<Task> = new Set(['follow', 'note', 'show', 'pause_reminder']);

/** Smaller goes first: granted stops and freezes, then outcomes, then announcements; notes and edits come last. */
export function priority(task: Task, request: Request): number {
  const isUrgent = isOverriding(request.order.verb) && request.grant !== null;
  if (!isUrgent) return order.length + order.indexOf(rankOf(task, request));
  return informative.has(task) ? order.length + order.indexOf('stop_update') : order.indexOf(rankOf(task, request));
}

function rankOf(task: Task, request: Request): Rank {
  // Its buttons have to go.
  if (task === 'show' && (request.grant?.expiresAt != null || request.grant?.dueAt != null)) return 'question_update';
  return task === 'advance' && isAnnouncing(request) ? 'announce' : task;
}

function isAnnouncing({ state, grant }: Request): boolean {
  return state === 'submitted' && grant !== null;
}

/** Slack limits `chat.update` in the whole workspace, so all updates are paced together, as if they had a channel of their own. */
export const updates = 'chat.update';

/** Where a task posts (null: nowhere), and when it is too late to post (null: never). The names are the ledger's columns. */
export type Posting = { readonly channel: string | null; readonly post_by: number | null };

export function postingOf(task: Task, request: Request): Posting {
  const { channel, announcement, requester, pendingNotices } = request;
  switch (task) {
    case 'advance':
      return isAnnouncing(request)
        ? { channel, post_by: lastDispatchAt(decidedAt(request)) }
        : { channel: null, post_by: null };
    case 'note':
    case 'review':
      return { channel, post_by: null };
    case 'pause_reminder':
      return { channel: request.pauseReminder.done === null ? channel : updates, post_by: null };
    case 'call':
      return { channel, post_by: request.grant?.expiresAt ?? null };
    case 'show':
      return { channel: updates, post_by: updateBy(request) };
    case 'report':
      return { channel: announcement.ts === null ? requester : channel, post_by: null };
    case 'answer':
      return { channel: pendingNotices[0]?.by ?? null, post_by: null };
    case 'decide':
    case 'offer':
    case 'look':
    case 'follow':
    case 'escalate':
    case 'page':
      return { channel: null, post_by: null };
    default:
      return task satisfies never;
  }
}
