import { isVerb } from '../../access/policy.ts';
import { isConclusive, nextProbeAt } from '../following.ts';
import type { Step } from '../ports.ts';
import { recordNow } from './record.ts';

/**
 * After a command was accepted, looks at the workflow now and then until it shows what came of it. Looks that tell
 * nothing leave no trace: the next one is found by the time alone, also by another process.
 */
export const observeEffect: Step = async (request, ports) => {
  const { order, end } = request;
  const lookedAt = ports.now();
  const acceptedAt = end?.at ?? lookedAt;
  const observation = (await ports.campaign(order.organization)?.look(order.workflowId)) ?? { kind: 'not_shown' };
  const next = nextProbeAt(acceptedAt, ports.now());
  if (next !== null && isVerb(order.verb) && !isConclusive(order.verb, observation, lookedAt - acceptedAt))
    return { notBefore: next };
  await recordNow(request, ports, (current) =>
    current.observation === null ? [{ type: 'observed', data: { observation } }] : [],
  );
  return undefined;
};
