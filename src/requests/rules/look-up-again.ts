import type { Refusal } from '../../access/decision.ts';
import type { Ports } from '../ports.ts';
import { backoffMs, lastDispatchAt } from '../retry-policy.ts';

/** Somebody waits for each of these tries, and most troubles of Slack's are short. */
const mostLookUpPauseMs = 5_000;

/**
 * When to look up again what Slack did not say; null where the refusal stands: nothing was missing, no waiting helps,
 * or the next try would come too late for the command to be sent.
 *
 * @param since when the command, or the press, was decided
 */
export function nextLookUpAt(
  refusal: Refusal,
  { since, attempts }: { readonly since: number; readonly attempts: number },
  { now, random }: Pick<Ports, 'now' | 'random'>,
): number | null {
  if (refusal.reason !== 'lookup_failed' || refusal.retryAfterMs === null) return null;
  const at = now() + Math.max(refusal.retryAfterMs, backoffMs(attempts, random(), mostLookUpPauseMs));
  return at < lastDispatchAt(since) ? at : null;
}
