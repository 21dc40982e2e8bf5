import type { PostResult } from '../../attempt-results.ts';
import type { Event } from '../../events.ts';
import type { Ports, Recording, Step, StepResult } from '../../ports.ts';
import { beforePosting, holdOnRateLimit, record, recordIntent } from '../../record.ts';
import { retryInNewChannel } from '../../recovery/moved-channel.ts';
import type { Request } from '../../request.ts';
import { backoffMs, isTransient, limits, postponedUncounted } from '../../retry-policy.ts';
import { logUnthreaded } from './post-outcome.ts';

/** Posts the follow-up in the thread, once: with the same care as the outcome, but with fewer retries. */
export const postFollowUp: Step = async (request, ports, claim) => {
  const { attempts } = claim;
  const before = await beforePosting(request.followUpPost, claim, ports, () => searchFirst(request, ports, attempts));
  if (before !== 'absent') return before;
  const begun = await recordIntent(request, ports, claim, noting(request));
  return begun === null ? undefined : settle(begun, await ports.messenger.postFollowUp(begun), ports, attempts);
};

export function noting({ followUpPost }: Request): Event {
  return { type: 'noting', data: { attempt: followUpPost.attempts + 1 } };
}

async function searchFirst(request: Request, ports: Ports, tries: number): Promise<'absent' | StepResult> {
  const found = await ports.messenger.findFollowUp(request);
  if (found.kind === 'found') return done(request, ports, found);
  if (tries >= limits.followUp.tries) return giveUp(request, ports, found.kind);
  if (found.kind === 'unreachable') return { notBefore: ports.now() + backoffMs(tries, ports.random()) };
  const elsewhere = found.kind === 'unknowable' ? await retryInNewChannel(request, tries, ports) : null;
  if (elsewhere !== null) return elsewhere;
  // It is unknown whether it was posted, and a missing follow-up is better than a duplicate.
  return request.followUpPost.inDoubt && found.kind === 'unknowable' ? giveUp(request, ports, found.kind) : 'absent';
}

async function settle(request: Request, posted: PostResult, ports: Ports, attempts: number): Promise<StepResult> {
  if (posted.kind === 'posted') return done(request, ports, posted);
  const reason = posted.kind === 'refused' ? posted.reason : posted.kind;
  const elsewhere = reason === 'channel_not_found' ? await retryInNewChannel(request, attempts, ports) : null;
  if ((elsewhere === null && !isTransient(posted)) || attempts >= limits.followUp.tries)
    return giveUp(request, ports, reason);
  await holdOnRateLimit(posted, request.channel, ports);
  await record(request, ports, { type: 'not_posted', data: { message: 'note', reason } });
  return elsewhere ?? postponedUncounted(posted, attempts, ports);
}

function giveUp(request: Request, ports: Ports, reason: string): Recording {
  const { id, order, observation } = request;
  ports.log.warn({ request: id, order, observation, reason }, 'a follow-up could not be posted');
  return done(request, ports, { ts: null });
}

type PostedFollowUp = { readonly ts: string | null; readonly unthreaded?: true };

function done(request: Request, ports: Ports, { ts, unthreaded }: PostedFollowUp): Recording {
  const data = { ts, ...(unthreaded && { unthreaded }) };
  if (unthreaded) logUnthreaded(request, ts, ports);
  return { record: (current) => (current.followUpPost.done ? [] : [{ type: 'noted', data }]) };
}
