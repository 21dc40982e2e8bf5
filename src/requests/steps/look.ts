import type { Step } from '../ports.ts';
import { record } from './record.ts';

/** How often it is tried to look: people are not told of the doubt before. */
const mostProbes = 3;

/** After a send that left doubt, sees what Campaign shows of the workflow. It proves nothing, but people want to know. */
export const probeAfterDoubt: Step = async (request, ports, { attempts }) => {
  const campaign = attempts < mostProbes ? ports.campaign(request.order.organization) : null;
  const observation = (await campaign?.look(request.order.workflowId)) ?? { kind: 'not_shown' };
  await record(request, ports, { type: 'observed', data: { observation } });
  return undefined;
};
