import { isVerb } from '../../../access/policy.ts';
import type { ProbeResult } from '../../events.ts';
import type { Ports, Step } from '../../ports.ts';
import { recording } from '../../record.ts';
import type { Request } from '../../request.ts';
import { limits } from '../../retry-policy.ts';
import { hasPaused, isConclusive, nextProbeAt } from '../../rules/effect.ts';
import { pauseEnd } from './end-of-pause.ts';

/**
 * After a command was accepted, reads the workflow's state at growing intervals until it is conclusive. Inconclusive
 * probes are not recorded: the next one follows from the time alone, in any process.
 */
export const observeEffect: Step = async (request, ports) => {
  const { order, end } = request;
  const probedAt = ports.now();
  const acceptedAt = end?.at ?? probedAt;
  const observation = (await ports.campaign(order.organization)?.probe(order.workflowId)) ?? { kind: 'not_shown' };
  const next = nextProbeAt(acceptedAt, ports.now());
  if (next !== null && isVerb(order.verb) && !isConclusive(order.verb, observation, probedAt - acceptedAt))
    return { notBefore: next };
  return {
    record: (current) =>
      current.observation === null ? [{ type: 'observed', data: { observation, isShown: true } }] : [],
  };
};

/**
 * After a doubtful dispatch, reads the workflow's state. It proves nothing, but helps people to decide. A pause that it shows
 * has the reminder of one that was accepted.
 */
export const probeAfterDoubt: Step = async (request, ports, { attempts }) => {
  const campaign = attempts < limits.probe.tries ? ports.campaign(request.order.organization) : null;
  const observation = (await campaign?.probe(request.order.workflowId)) ?? { kind: 'not_shown' };
  const { end, announcement } = request;
  const isSeen = hasPaused({ ...request, observation }) && end !== null && announcement.ts !== null;
  return recording({
    type: 'observed',
    data: { observation, ...(isSeen && pauseEnd(request, end.at, ports)) },
  });
};

/** The workflow's state while people wait, with a time limit; null where the order is about no workflow. */
export async function probeForPeople(
  { order }: Pick<Request, 'order'>,
  { campaign }: Pick<Ports, 'campaign'>,
): Promise<ProbeResult | null> {
  return isVerb(order.verb) ? probeWorkflow({ order }, { campaign }) : null;
}

/** The same, whatever is ordered. */
export async function probeWorkflow(
  { order: { workflowId, organization } }: Pick<Request, 'order'>,
  { campaign }: Pick<Ports, 'campaign'>,
): Promise<ProbeResult | null> {
  return (await campaign(organization)?.probe(workflowId, limits.probe.forPeopleMs)) ?? null;
}
