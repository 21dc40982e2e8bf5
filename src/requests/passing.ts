import { backoffMs } from './backoff.ts';
import type { Posted } from './ports.ts';
import type { SlackReason } from './reasons.ts';

/** What may be mended while a message waits. */
const passing: ReadonlySet<SlackReason> = new Set(['unreachable', 'token_revoked']);

/** How long until then: what Slack asks for, and never less than the back-off. */
export function waitMs(posted: Posted, attempts: number, random: number): number {
  const asked = posted.kind === 'rate_limited' ? posted.retryAfterMs : 0;
  return Math.max(asked, backoffMs(attempts, random));
}

/** Whether a message that was not posted, or may not have been, is worth another try. */
export function mayPass(posted: Posted): boolean {
  if (posted.kind === 'refused') return passing.has(posted.reason);
  return posted.kind !== 'posted';
}
