import { backoffMs } from './backoff.ts';
import type { Posted } from './ports.ts';
import type { PostProblem } from './reasons.ts';

/** Slack is away, or does not know the bot: what may be mended while a message waits. */
const away: ReadonlySet<PostProblem> = new Set(['unreachable', 'token_revoked']);

/** The longest that one answer of Slack's can put a message off. */
const mostAskedMs = 3_600_000;

/** How long until then: what Slack asks for, an hour at the most, and never less than the back-off. */
export function waitMs(posted: Posted, attempts: number, random: number): number {
  const asked = posted.kind === 'rate_limited' ? posted.retryAfterMs : 0;
  return Math.max(Math.min(asked, mostAskedMs), backoffMs(attempts, random));
}

/** Whether everything that is tried now would come to the same. */
export function isAway(problem: PostProblem | null): boolean {
  return problem !== null && away.has(problem);
}

/** Whether a message that was not posted, or may not have been, is worth another try. */
export function mayPass(posted: Posted): boolean {
  if (posted.kind === 'refused') return isAway(posted.reason);
  return posted.kind !== 'posted';
}
