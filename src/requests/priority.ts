import { isOverriding } from '../access/policy.ts';
import type { Task } from './due.ts';
import { isOutcome } from './outcome.ts';
import type { Request } from './request.ts';
import { decidedAt, lastDispatchAt } from './retry-policy.ts';

/**
 * Bulkheads: each lane has slots of its own, so that what fills one lane does not delay the others. `stops`: stops and
 * freezes that were granted. `new_stops`: those that still have to be granted, of people whom a rule may name and who have few under way.
 * `replies`: private replies to refused people. `rest`: everything else.
 */
export const lanes = ['stops', 'new_stops', 'rest', 'replies'] as const;
export type Lane = (typeof lanes)[number];

/** How many steps of each lane may begin. */
export type Slots = Readonly<Record<Lane, number>>;

/** So many stops and freezes of one person can be in the lane `new_stops` at once. */
const mostNewStops = 3;

/**
 * Urgent is what was granted, not what was typed: anybody can type a stop, and only a right makes it urgent.
 *
 * @param newStops how many other stops and freezes of the same person are not announced yet
 */
export function laneOf(task: Task, request: Request, newStops = Number.POSITIVE_INFINITY): Lane {
  const { grant, state, order } = request;
  if (task === 'answer' || (grant === null && isOutcome(state))) return 'replies';
  if (!isOverriding(order.verb)) return 'rest';
  if (grant === null) return newStops < mostNewStops ? 'new_stops' : 'rest';
  return state === 'refused' ? 'rest' : 'stops';
}

/** Until its grant a request stays in the lane that it began in. */
export function keepsLane({ grant, state }: Request): boolean {
  return grant === null && !isOutcome(state);
}

/** The order within a lane, and of the posts in a channel that Slack limits. */
const order = [
  'decide',
  'advance',
  'look',
  'report',
  'stop_update',
  'announce',
  'answer',
  'follow',
  'note',
  'show',
] as const;
type Rank = (typeof order)[number];

/** What these tell, people have been told already. */
const updates: ReadonlySet<Task> = new Set(['follow', 'note', 'show']);

/** Smaller goes first: granted stops and freezes, then outcomes, then announcements; notes and edits come last. */
export function priority(task: Task, request: Request): number {
  const isUrgent = isOverriding(request.order.verb) && request.grant !== null;
  if (!isUrgent) return order.length + order.indexOf(kindOf(task, request));
  return updates.has(task) ? order.length + order.indexOf('stop_update') : order.indexOf(kindOf(task, request));
}

function kindOf(task: Task, request: Request): Rank {
  return task === 'advance' && isAnnouncing(request) ? 'announce' : task;
}

function isAnnouncing({ state, grant }: Request): boolean {
  return state === 'submitted' && grant !== null;
}

/** Where a task posts (null: nowhere), and until when posting makes sense (null: always). */
export type Posting = { readonly channel: string | null; readonly post_by: number | null };

export function postingOf(task: Task, request: Request): Posting {
  const { channel, announcement, requester, pendingNotices: untold } = request;
  switch (task) {
    case 'advance':
      return isAnnouncing(request)
        ? { channel, post_by: lastDispatchAt(decidedAt(request)) }
        : { channel: null, post_by: null };
    case 'note':
    case 'show':
      return { channel, post_by: null };
    case 'report':
      return { channel: announcement.ts === null ? requester : channel, post_by: null };
    case 'answer':
      return { channel: untold[0]?.by ?? null, post_by: null };
    case 'decide':
    case 'look':
    case 'follow':
      return { channel: null, post_by: null };
    default:
      return task satisfies never;
  }
}
