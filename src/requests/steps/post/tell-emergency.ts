import type { PostResult } from '../../attempt-results.ts';
import type { Event } from '../../events.ts';
import type { Ports, Recording, Step, StepResult } from '../../ports.ts';
import { beforePosting, holdOnRateLimit, record, recordIntent } from '../../record.ts';
import { retryInNewChannel } from '../../recovery/moved-channel.ts';
import type { Request } from '../../request.ts';
import { backoffMs, isTransient, postponedUncounted } from '../../retry-policy.ts';
import { nextMessage } from '../../rules/emergency-message.ts';
import { logUnthreaded } from './post-outcome.ts';

/**
 * Tells everybody whom a rule names of an emergency that was declared, asks for its review once a day, and says when it was
 * given. Each of these messages is posted once, with the care of a follow-up.
 */
export const tellEmergency: Step = async (request, ports, claim) => {
  const { attempts } = claim;
  const { emergency } = request;
  if (emergency === null) return undefined;
  const before = await beforePosting(emergency.told, claim, ports, () => searchFirst(request, ports, attempts));
  if (before !== 'absent') return before;
  const begun = await recordIntent(request, ports, claim, async (_, current) => telling(current));
  return begun === null ? undefined : settle(begun, await ports.messenger.tellEmergency(begun), ports, attempts);
};

function telling({ emergency }: Request): Event {
  if (emergency === null) throw new Error('no emergency was declared');
  const { told } = emergency;
  // An attempt that has failed is over.
  const next = { message: nextMessage({ ...emergency, told: { ...told, inDoubt: false } }), number: told.count };
  return { type: 'emergency_telling', data: { ...next, attempt: told.attempts + 1 } };
}

async function searchFirst(request: Request, ports: Ports, tries: number): Promise<'absent' | StepResult> {
  const found = await ports.messenger.findEmergencyMessage(request);
  if (found.kind === 'found') return done(request, ports, found);
  if (found.kind === 'unreachable') return { notBefore: ports.now() + backoffMs(tries, ports.random()) };
  const elsewhere = found.kind === 'unknowable' ? await retryInNewChannel(request, tries, ports) : null;
  if (elsewhere !== null) return elsewhere;
  // It must not be missed: a message that may stand there twice is better than none.
  return 'absent';
}

async function settle(request: Request, posted: PostResult, ports: Ports, attempts: number): Promise<StepResult> {
  if (posted.kind === 'posted') return done(request, ports, posted);
  const reason = posted.kind === 'refused' ? posted.reason : posted.kind;
  const elsewhere = reason === 'channel_not_found' ? await retryInNewChannel(request, attempts, ports) : null;
  if (elsewhere === null && !isTransient(posted)) return giveUp(request, ports, reason);
  await holdOnRateLimit(posted, request.channel, ports);
  await record(request, ports, { type: 'not_posted', data: { message: 'emergency', reason } });
  return elsewhere ?? postponedUncounted(posted, attempts, ports);
}

/** The next one is due a day later. */
function giveUp(request: Request, ports: Ports, reason: string): Recording {
  const { id, order, emergency } = request;
  const fields = { request: id, order, by: emergency?.by, reason };
  ports.log.error(fields, 'a message about an emergency could not be posted');
  return done(request, ports, { ts: null });
}

type Told = { readonly ts: string | null; readonly unthreaded?: true };

function done(request: Request, ports: Ports, { ts, unthreaded }: Told): Recording {
  const { emergency } = request;
  if (emergency === null) return { record: () => [] };
  if (unthreaded) logUnthreaded(request, ts, ports);
  const { count } = emergency.told;
  // A review may have come since the attempt began.
  const message = nextMessage(emergency);
  const data = { message, number: count, ts, ...(unthreaded && { unthreaded }) };
  return {
    record: (current) => (current.emergency?.told.count === count ? [{ type: 'emergency_told', data }] : []),
  };
}
