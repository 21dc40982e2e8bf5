import type { Verb } from '../../src/commands/command.ts';
import type { Observation, RecordedWorkflowState } from '../../src/requests/events.ts';
import type { CampaignPort } from '../../src/requests/ports.ts';
import type { VirtualTime } from './virtual-time.ts';

/** From a request to its answer. */
const callMs = 250;
/** From the acceptance of a command to its effect. */
const effectMs = 1_500;

const stateAfter: Record<Verb, { reading: RecordedWorkflowState; raw: string }> = {
  start: { reading: 'in_progress', raw: 'inProgress' },
  pause: { reading: 'warning', raw: 'warning' },
  resume: { reading: 'in_progress', raw: 'inProgress' },
  stop: { reading: 'finished', raw: 'finished' },
};

/** Campaign in virtual time: it accepts every command, and shows its effect a little later. */
export function createCampaign(time: VirtualTime): CampaignPort {
  const states = new Map<string, Verb>();
  const probe = async (workflowId: string): Promise<Observation> => {
    await time.wait(callMs);
    return { kind: 'seen', field: 'logicalStatus', ...stateAfter[states.get(workflowId) ?? 'stop'] };
  };
  return {
    probe,
    async prepare(workflowId, verb) {
      return {
        kind: 'ready',
        async send(mayLeave) {
          if (!mayLeave()) return { kind: 'held_up' };
          await time.wait(callMs);
          time.at(time.now() + effectMs, () => states.set(workflowId, verb));
          return { kind: 'accepted', answer: { status: 204, text: null, adobeRequestId: null } };
        },
      };
    },
  };
}
