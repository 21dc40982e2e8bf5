import { isBrake } from '../access/policy.ts';
import { type Task, tasks } from './due.ts';
import type { Request } from './request.ts';
import { isOutcome } from './state.ts';

/**
 * Bulkheads: each lane has slots of its own, so that what fills one lane does not delay the others. `stops`: stops and
 * freezes that were granted. `new_stops`: those that still have to be granted, of people who have few under way.
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
  if (!isBrake(order.verb)) return 'rest';
  if (grant === null) return newStops < mostNewStops ? 'new_stops' : 'rest';
  return state === 'refused' ? 'rest' : 'stops';
}

/** Until its grant a request stays in the lane that it began in. */
export function keepsLane({ grant, state }: Request): boolean {
  return grant === null && !isOutcome(state);
}

/** Smaller goes first: granted stops and freezes before all else, outcomes before edits (Slack allows about one message a second). */
export function priority(task: Task, request: Request): number {
  const isUrgent = isBrake(request.order.verb) && request.grant !== null;
  return (isUrgent ? 0 : tasks.length) + tasks.indexOf(task);
}
