import { isVerb } from '../../../access/policy.ts';
import type { ProbeResult, WorkflowState } from '../../events.ts';
import type { Ports, Step } from '../../ports.ts';
import { record, recordNow } from '../../record.ts';
import type { Request } from '../../request.ts';
import { limits } from '../../retry-policy.ts';
import { isConclusive, nextProbeAt } from '../../rules/effect.ts';

/**
 * After a command was accepted, looks at the workflow now and then until it shows what came of it. Looks that tell
 * nothing leave no trace: the next one is found by the time alone, also by another process.
 */
export const observeEffect: Step = async (request, ports) => {
  const { order, end } = request;
  const lookedAt = ports.now();
  const acceptedAt = end?.at ?? lookedAt;
  const observation = (await ports.campaign(order.organization)?.observe(order.workflowId)) ?? { kind: 'not_shown' };
  const next = nextProbeAt(acceptedAt, ports.now());
  if (next !== null && isVerb(order.verb) && !isConclusive(order.verb, observation, lookedAt - acceptedAt))
    return { notBefore: next };
  await recordNow(request, ports, (current) =>
    current.observation === null ? [{ type: 'observed', data: { observation } }] : [],
  );
  return undefined;
};

/** After a send that left doubt, sees what Campaign shows of the workflow. It proves nothing, but people want to know. */
export const probeAfterDoubt: Step = async (request, ports, { attempts }) => {
  const campaign = attempts < limits.probe.tries ? ports.campaign(request.order.organization) : null;
  const observation = (await campaign?.observe(request.order.workflowId)) ?? { kind: 'not_shown' };
  await record(request, ports, { type: 'observed', data: { observation } });
  return undefined;
};

/** What the workflow of a request shows while people wait; null where the order is about none. */
export async function probeForPeople(
  { order }: Request,
  { campaign }: Pick<Ports, 'campaign'>,
): Promise<ProbeResult | null> {
  const { verb, workflowId, organization } = order;
  return isVerb(verb) ? ((await campaign(organization)?.probe(workflowId)) ?? null) : null;
}

export function stateIn(seen: ProbeResult | null): WorkflowState | null {
  return seen?.kind === 'seen' ? seen.reading : null;
}
