import type { Event } from '../../events.ts';
import type { Recording, Step } from '../../ports.ts';
import type { Emergency, Request } from '../../request.ts';
import { postponedUncounted } from '../../retry-policy.ts';
import { nextMessage } from '../../rules/emergency-message.ts';
import { type PostedReply, postReply, type Reply } from './post-reply.ts';

/**
 * Tells everybody whom a rule names of an emergency that was declared, asks for its review once a day, and says when it was
 * given. Each of these messages is posted once, with the care of a follow-up.
 */
export const tellEmergency: Step = async (request, ports, claim) => {
  if (request.emergency === null) return undefined;
  return postReply(emergencyMessage, async (_, current) => telling(current), request, ports, claim);
};

const emergencyMessage: Reply = {
  message: 'emergency',
  progress: (request) => emergencyOf(request).told,
  find: (messenger, request) => messenger.findEmergencyMessage(request),
  post: (messenger, request) => messenger.tellEmergency(request),
  retry: postponedUncounted,
  // It must not be missed.
  isLeftInDoubt: false,
  done: recordTold,
  // The next one is due a day later.
  logGivenUp({ id, order, emergency }, reason, log) {
    const fields = { request: id, order, by: emergency?.by, reason };
    log.error(fields, 'a message about an emergency could not be posted');
  },
};

function emergencyOf({ emergency }: Request): Emergency {
  if (emergency === null) throw new Error('no emergency was declared');
  return emergency;
}

function telling(request: Request): Event {
  const emergency = emergencyOf(request);
  const { told } = emergency;
  // An attempt that has failed is over.
  const next = { message: nextMessage({ ...emergency, told: { ...told, inDoubt: false } }), number: told.count };
  return { type: 'emergency_telling', data: { ...next, attempt: told.attempts + 1 } };
}

function recordTold(request: Request, posted: PostedReply): Recording['record'] {
  const emergency = emergencyOf(request);
  const { count } = emergency.told;
  // A review may have come since the attempt began.
  const data = { message: nextMessage(emergency), number: count, ...posted };
  return (current) => (current.emergency?.told.count === count ? [{ type: 'emergency_told', data }] : []);
}
