import { longestRetryAfterMs, type RateLimit } from './ledger/pacing.ts';
import type { PostProblem } from './outcome.ts';
import type { Ports, Postponement, PostResult } from './ports.ts';
import { backoffMs } from './retry-policy.ts';

/** Slack is away, or does not know the bot: what may be mended while a message waits. */
const away: ReadonlySet<PostProblem> = new Set(['unreachable', 'token_revoked']);

/** How long until the next try: as long as Slack says, an hour at the most; where it does not say, the back-off. */
function waitMs(posted: PostResult, attempts: number, random: number): number {
  return posted.kind === 'rate_limited'
    ? Math.min(posted.retryAfterMs, longestRetryAfterMs)
    : backoffMs(attempts, random);
}

/** When to try again. */
export function postponedByPolicy(
  posted: PostResult,
  attempts: number,
  { now, random }: Pick<Ports, 'now' | 'random'>,
): Postponement {
  return { notBefore: now() + waitMs(posted, attempts, random()) };
}

/** The same for what is given up after so many tries: a rate limit is none, for the message was not even looked at. */
export function postponedUncounted(
  posted: PostResult,
  attempts: number,
  ports: Pick<Ports, 'now' | 'random'>,
): Postponement {
  return { ...postponedByPolicy(posted, attempts, ports), isUncounted: posted.kind === 'rate_limited' };
}

/** After a rate limit, holds back everything else that posts in that channel (or to that person), in all processes. */
export async function holdOnRateLimit(
  posted: PostResult,
  channel: string,
  { ledger }: Pick<Ports, 'ledger'>,
  what: RateLimit['what'] = 'posts',
): Promise<void> {
  if (posted.kind === 'rate_limited') await ledger.rateLimited({ channel, retryAfterMs: posted.retryAfterMs, what });
}

/** Whether everything that is tried now would come to the same. */
export function isSlackUnavailable(problem: PostProblem | null): boolean {
  return problem !== null && away.has(problem);
}

/** Whether a message that was not posted, or may not have been, is worth another try. */
export function isTransient(posted: PostResult): boolean {
  if (posted.kind === 'refused') return isSlackUnavailable(posted.reason);
  return posted.kind !== 'posted';
}
