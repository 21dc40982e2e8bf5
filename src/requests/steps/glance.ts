import { isVerb } from '../../access/policy.ts';
import type { ProbeResult, WorkflowState } from '../events.ts';
import type { Ports } from '../ports.ts';
import type { Request } from '../request.ts';

/** What the workflow of a request shows while people wait; null where the order is about none. */
export async function probeForPeople({ order }: Request, { campaign }: Pick<Ports, 'campaign'>): Promise<ProbeResult | null> {
  const { verb, workflowId, organization } = order;
  return isVerb(verb) ? ((await campaign(organization)?.glance(workflowId)) ?? null) : null;
}

export function stateIn(seen: ProbeResult | null): WorkflowState | null {
  return seen?.kind === 'seen' ? seen.reading : null;
}
