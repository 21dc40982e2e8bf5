import type { PostResult } from '../../attempt-results.ts';
import type { Call, Event } from '../../events.ts';
import type { Ports, Recording, Step, StepResult } from '../../ports.ts';
import { beforePosting, holdOnRateLimit, record, recordIntent } from '../../record.ts';
import { retryInNewChannel } from '../../recovery/moved-channel.ts';
import type { Request } from '../../request.ts';
import { isTransient, postponedWhileAsked } from '../../retry-policy.ts';
import { logUnthreaded } from './post-outcome.ts';

/** Says in the thread whom a reminder reminds, or a stage asks: once each, for as long as the question waits. */
export const callInThread: Step = async (request, ports, claim) => {
  const [call] = request.escalation.calls;
  if (call === undefined) return undefined;
  const { attempts } = claim;
  const search = () => searchFirst(request, call, ports, attempts);
  const before = await beforePosting(request.escalation.callPost, claim, ports, search);
  if (before !== 'absent') return before;
  const begun = await recordIntent(request, ports, claim, calling(request, call));
  if (begun === null) return undefined;
  return settle(begun, call, await ports.messenger.postCall(begun, call), ports, attempts);
};

function calling({ escalation }: Request, call: Call): Event {
  return { type: 'calling', data: { call, attempt: escalation.callPost.attempts + 1 } };
}

async function searchFirst(request: Request, call: Call, ports: Ports, tries: number): Promise<'absent' | StepResult> {
  const found = await ports.messenger.findCall(request, call);
  if (found.kind === 'found') return done(request, call, ports, found);
  if (found.kind === 'unreachable')
    return postponedWhileAsked({ kind: 'refused', reason: 'unreachable' }, tries, ports);
  const elsewhere = found.kind === 'unknowable' ? await retryInNewChannel(request, tries, ports) : null;
  if (elsewhere !== null) return elsewhere;
  const isUnknown = request.escalation.callPost.inDoubt && found.kind === 'unknowable';
  return isUnknown ? giveUp(request, call, ports, found.kind) : 'absent';
}

async function settle(
  request: Request,
  call: Call,
  posted: PostResult,
  ports: Ports,
  attempts: number,
): Promise<StepResult> {
  if (posted.kind === 'posted') return done(request, call, ports, posted);
  const reason = posted.kind === 'refused' ? posted.reason : posted.kind;
  const elsewhere = reason === 'channel_not_found' ? await retryInNewChannel(request, attempts, ports) : null;
  if (elsewhere === null && !isTransient(posted)) return giveUp(request, call, ports, reason);
  await holdOnRateLimit(posted, request.channel, ports);
  await record(request, ports, { type: 'not_posted', data: { message: 'call', reason } });
  return elsewhere ?? postponedWhileAsked(posted, attempts, ports);
}

function giveUp(request: Request, call: Call, ports: Ports, reason: string): Recording {
  const { id, channel } = request;
  ports.log.warn({ request: id, channel, call, reason }, 'nobody was told in the thread who is asked');
  return done(request, call, ports, { ts: null });
}

type PostedCall = { readonly ts: string | null; readonly unthreaded?: true };

function done(request: Request, call: Call, ports: Ports, { ts, unthreaded }: PostedCall): Recording {
  if (unthreaded) logUnthreaded(request, ts, ports);
  const event: Event = { type: 'called', data: { call, ts, ...(unthreaded && { unthreaded }) } };
  return { record: ({ escalation }) => (isSame(escalation.calls[0], call) ? [event] : []) };
}

function isSame(one: Call | undefined, { kind, number }: Call): boolean {
  return one?.kind === kind && one.number === number;
}
