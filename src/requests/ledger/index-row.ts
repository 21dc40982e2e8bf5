import { isBrake } from '../../access/policy.ts';
import { type Request, workflowKey } from '../request.ts';
import { isOutcome } from '../state.ts';
import type { RequestRow } from './schema.ts';

/** What the index says of a request: nothing that its events do not tell. */
export function indexRow(request: Request): RequestRow {
  const { id, interaction, channel, order, state, requestedAt, sequence, lastDigest } = request;
  return {
    id,
    interaction,
    channel,
    workflow_key: workflowKey(order),
    verb: order.verb,
    state,
    requested_at: requestedAt,
    holds: holds(request),
    head_sequence: sequence,
    head_digest: lastDigest,
  };
}

/** From the grant to the outcome a request holds its workflow; a brake has a hold of its own, for the brake is never blocked. */
function holds({ grant, state, order }: Request): string | null {
  if (grant === null || isOutcome(state)) return null;
  const key = workflowKey(order);
  return isBrake(order.verb) ? brakeKey(key) : key;
}

export function brakeKey(workflowKey: string): string {
  return `${workflowKey}!stop`;
}
