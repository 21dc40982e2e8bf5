import type { Step } from '../ports.ts';
import { record } from './record.ts';

/** After a send that left doubt, sees what Campaign shows of the workflow. It proves nothing, but people want to know. */
export const look: Step = async (request, ports) => {
  const campaign = ports.campaign(request.order.environment);
  const observation = (await campaign?.look(request.order.workflowId)) ?? { kind: 'not_shown' };
  await record(request, ports, { type: 'observed', data: { observation } });
  return undefined;
};
