import type { Postponement, PostResult } from '../../attempt-results.ts';
import type { Ports, Step } from '../../ports.ts';
import { holdOnRateLimit, record, recordIntent, recordNow } from '../../record.ts';
import { hasMoved } from '../../recovery/moved-channel.ts';
import type { Request } from '../../request.ts';
import { backoffMs, isTransient, limits, postponedUncounted } from '../../retry-policy.ts';
import { logUnthreaded } from './post-outcome.ts';

/** Tells in the thread what following a command came to, once: as carefully as the outcome, and not as stubbornly. */
export const postFollowUp: Step = async (request, ports, claim) => {
  const { attempts, inDoubt, landsBy } = request.followUpPost;
  if (inDoubt && landsBy > ports.now()) return { notBefore: landsBy };
  const wasOpen = ports.reconciliation.wasOpen(request.id);
  if (inDoubt || wasOpen) {
    const found = await ports.messenger.findFollowUp(request);
    if (found.kind === 'found') return done(request, ports, found);
    // Whether it is there cannot be known: one note too few is better than two.
    if ((inDoubt && found.kind === 'unknowable') || claim.attempts >= limits.followUp.tries)
      return giveUp(request, ports, found.kind);
    if (found.kind === 'unreachable') return { notBefore: ports.now() + backoffMs(claim.attempts, ports.random()) };
  }
  const begun = await recordIntent(request, ports, claim, { type: 'noting', data: { attempt: attempts + 1 } });
  return begun === null ? undefined : settle(begun, await ports.messenger.postFollowUp(begun), ports, claim.attempts);
};

async function settle(
  request: Request,
  posted: PostResult,
  ports: Ports,
  attempts: number,
): Promise<Postponement | undefined> {
  if (posted.kind === 'posted') return done(request, ports, posted);
  const reason = posted.kind === 'refused' ? posted.reason : posted.kind;
  if (await hasMoved(request, reason, ports)) {
    await record(request, ports, { type: 'not_posted', data: { message: 'note', reason } });
    return { notBefore: ports.now() };
  }
  if (!isTransient(posted) || attempts >= limits.followUp.tries) return giveUp(request, ports, reason);
  await holdOnRateLimit(posted, request.channel, ports);
  await record(request, ports, { type: 'not_posted', data: { message: 'note', reason } });
  return postponedUncounted(posted, attempts, ports);
}

function giveUp(request: Request, ports: Ports, reason: string): Promise<undefined> {
  const { id, order, observation } = request;
  ports.log.warn({ request: id, order, observation, reason }, 'what was seen of a workflow could not be posted');
  return done(request, ports, { ts: null });
}

type PostedFollowUp = { readonly ts: string | null; readonly unthreaded?: true };

async function done(request: Request, ports: Ports, { ts, unthreaded }: PostedFollowUp): Promise<undefined> {
  const data = { ts, ...(unthreaded && { unthreaded }) };
  await recordNow(request, ports, (current) => (current.followUpPost.done ? [] : [{ type: 'noted', data }]));
  if (unthreaded) logUnthreaded(request, ts, ports);
}
