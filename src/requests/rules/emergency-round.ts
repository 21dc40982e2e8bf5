import type { Emergency } from '../request.ts';
import { limits } from '../retry-policy.ts';

/** A message about an emergency with which direct messages go, and when it is due (milliseconds since the epoch). */
export type Round = { readonly number: number; readonly at: number };

/**
 * The next round of direct messages: with the first message about an emergency, and with each that asks for its review
 * again; null: there is none. They do not wait for the message in the channel.
 */
export function nextRound({ direct, told, review }: Pick<Emergency, 'direct' | 'told' | 'review'>): Round | null {
  if (told.isDone) return null;
  if (direct.count === 0) return { number: Math.max(0, told.count - 1), at: 0 };
  if (review !== null || direct.count > told.count) return null;
  if (direct.count < told.count) return { number: told.count - 1, at: 0 };
  return { number: told.count, at: told.at === null ? 0 : told.at + limits.emergency.remindMs };
}
