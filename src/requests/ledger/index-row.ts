import { isOverriding } from '../../access/policy.ts';
import { isAwaitingConfirmation } from '../exclusivity.ts';
import { type Request, workflowKey } from '../request.ts';
import { isOutcome } from '../state.ts';
import type { RequestRow } from './schema.ts';

/** What the index says of a request: nothing that its events do not tell. */
export function indexRow(request: Request): RequestRow {
  const { id, interaction, channel, order, requester, state, requestedAt, sequence, lastDigest } = request;
  return {
    id,
    interaction,
    channel,
    workflow_key: workflowKey(order),
    verb: order.verb,
    state,
    requested_at: requestedAt,
    holds: lockKey(request),
    open_by: isOutcome(state) ? null : requester,
    head_sequence: sequence,
    head_digest: lastDigest,
  };
}

/**
 * Once nobody has to be asked any more, and until the outcome, a request holds its workflow; a brake has a hold of its
 * own, for the brake is never blocked. A question holds nothing.
 */
function lockKey(request: Request): string | null {
  const { grant, state, order } = request;
  if (grant === null || isOutcome(state) || isAwaitingConfirmation(request)) return null;
  const key = workflowKey(order);
  return isOverriding(order.verb) ? `${key}!stop` : key;
}
