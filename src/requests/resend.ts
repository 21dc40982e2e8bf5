import type { DispatchResult } from './ports.ts';
import type { Request } from './request.ts';
import { backoffMs, isTooLate } from './retry-policy.ts';

/** After 429 and 503 of the gateway, and where no connection was made. */
const mostResends = 3;

/**
 * When a command that certainly did not reach Campaign may be sent again, or null for never: once at once
 * with a new token, otherwise after `Retry-After`, three times at the most, and within the deadline.
 */
export function resendAt(
  request: Request,
  sent: DispatchResult & { kind: 'not_reached' },
  { now, random }: { now: () => number; random: () => number },
): number | null {
  const before = request.dispatch.notReached;
  if (sent.reason === 'token_expired') return before.includes('token_expired') ? null : now();
  const resends = before.filter((reason) => reason !== 'token_expired').length;
  const at = now() + (sent.retryAfterMs ?? backoffMs(resends, random()));
  return resends < mostResends && !isTooLate(request, at) ? at : null;
}
