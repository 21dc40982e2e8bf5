import type { MessageSearch, Postponement, PostResult } from '../../attempt-results.ts';
import type { Event, EventOf } from '../../events.ts';
import type { Claim, LedgerTransaction } from '../../ledger/ledger.ts';
import type { Log, Messenger, Ports, Recording, StepResult } from '../../ports.ts';
import { beforePosting, holdOnRateLimit, record, recordIntent } from '../../record.ts';
import { retryInNewChannel } from '../../recovery/moved-channel.ts';
import type { PostProgress, Request } from '../../request.ts';
import { isTransient } from '../../retry-policy.ts';
import { logUnthreaded } from './post-outcome.ts';

/** A reply in a request's thread that is posted once, and in what it differs from the others. */
export type Reply = {
  /** Its name in the event `not_posted`. */
  readonly message: EventOf<'not_posted'>['data']['message'];
  progress(request: Request): PostProgress;
  find(messenger: Messenger, request: Request): Promise<MessageSearch>;
  post(messenger: Messenger, request: Request): Promise<PostResult>;
  /** When the next attempt begins; null: it is given up. Called where another attempt can help. */
  retry(failed: PostResult, attempts: number, ports: Ports, request: Request): Postponement | null;
  /** Where a reply in doubt cannot be searched for: whether a missing one is better than a second one. */
  readonly isLeftInDoubt: boolean;
  /** Sends it to the requester directly, where Slack does not let the bot write in the channel. Absent: nobody is told then. */
  direct?(messenger: Messenger, request: Request): Promise<PostResult>;
  /** What is recorded once it is posted, or given up. */
  done(request: Request, posted: PostedReply): Recording['record'];
  /** `told`: who got it directly instead. */
  logGivenUp(request: Request, reason: string, log: Log, told: readonly string[]): void;
};

/**
 * `ts` is null if the reply was given up. `unthreaded`: it is in the channel itself because the announcement was deleted.
 * `via`: the requester got it directly instead.
 */
export type PostedReply = { readonly ts: string | null; readonly unthreaded?: true; readonly via?: 'direct' };

type Intent = Event | ((tx: LedgerTransaction, request: Request) => Promise<Event>);

/** Posts a reply: one in doubt is searched for first, and the intent is recorded. */
export async function postReply(
  reply: Reply,
  intent: Intent,
  request: Request,
  ports: Ports,
  claim: Claim,
): Promise<StepResult> {
  const search = () => findReply(reply, request, ports, claim);
  const before = await beforePosting(reply.progress(request), claim, ports, search);
  return before === 'absent' ? postNow(reply, intent, request, ports, claim) : before;
}

/** Searches for a reply that an earlier attempt may have posted. `absent`: it can be posted. */
export async function findReply(
  reply: Reply,
  request: Request,
  ports: Ports,
  { attempts }: Claim,
): Promise<'absent' | StepResult> {
  const found = await reply.find(ports.messenger, request);
  switch (found.kind) {
    case 'found':
      return done(reply, request, found, ports);
    case 'absent':
      return 'absent';
    case 'unreachable':
      return (
        reply.retry({ kind: 'refused', reason: 'unreachable' }, attempts, ports, request) ??
        giveUp(reply, request, found.kind, ports)
      );
    case 'unknowable': {
      // Under its old ID the channel cannot be searched.
      const elsewhere = await retryInNewChannel(request, attempts, ports);
      if (elsewhere !== null) return elsewhere;
      const isLeft = reply.isLeftInDoubt && reply.progress(request).inDoubt;
      return isLeft ? fallBack(reply, request, found.kind, ports, attempts) : 'absent';
    }
    default:
      return found satisfies never;
  }
}

/** Posts a reply that is not in the thread. */
export async function postNow(
  reply: Reply,
  intent: Intent,
  request: Request,
  ports: Ports,
  claim: Claim,
): Promise<StepResult> {
  const begun = await recordIntent(request, ports, claim, intent);
  if (begun === null) return undefined;
  const posted = await reply.post(ports.messenger, begun);
  if (posted.kind === 'posted') return done(reply, begun, posted, ports);
  const reason = posted.kind === 'refused' ? posted.reason : posted.kind;
  const later = await nextAttempt(reply, begun, posted, ports, claim);
  if (later === null && isTransient(posted)) return giveUp(reply, begun, reason, ports);
  if (later === null) return fallBack(reply, begun, reason, ports, claim.attempts);
  await holdOnRateLimit(posted, begun.channel, ports);
  await record(begun, ports, { type: 'not_posted', data: { message: reply.message, reason } });
  return later;
}

async function nextAttempt(
  reply: Reply,
  request: Request,
  failed: PostResult,
  ports: Ports,
  { attempts }: Claim,
): Promise<Postponement | null> {
  const isMoved = failed.kind === 'refused' && failed.reason === 'channel_not_found';
  const elsewhere = isMoved ? await retryInNewChannel(request, attempts, ports) : null;
  if (elsewhere === null && !isTransient(failed)) return null;
  const later = reply.retry(failed, attempts, ports, request);
  return later && (elsewhere ?? later);
}

/** The thread cannot be written. A direct message in doubt is not sent again: the bot cannot search for it. */
async function fallBack(
  reply: Reply,
  request: Request,
  reason: string,
  ports: Ports,
  attempts: number,
): Promise<StepResult> {
  const sent = await reply.direct?.(ports.messenger, request);
  if (sent === undefined) return giveUp(reply, request, reason, ports);
  if (sent.kind === 'posted') {
    reply.logGivenUp(request, reason, ports.log, [request.requester]);
    return { record: reply.done(request, { ts: null, via: 'direct' }) };
  }
  const later = sent.kind !== 'doubt' && isTransient(sent) ? reply.retry(sent, attempts, ports, request) : null;
  if (later === null) return giveUp(reply, request, reason, ports);
  await holdOnRateLimit(sent, request.requester, ports);
  const problem = sent.kind === 'refused' ? sent.reason : sent.kind;
  await record(request, ports, { type: 'not_posted', data: { message: reply.message, reason: problem } });
  return later;
}

function giveUp(reply: Reply, request: Request, reason: string, ports: Ports): Recording {
  reply.logGivenUp(request, reason, ports.log, []);
  return { record: reply.done(request, { ts: null }) };
}

function done(reply: Reply, request: Request, { ts, unthreaded }: PostedReply, ports: Ports): Recording {
  if (unthreaded) logUnthreaded(request, ts, ports);
  return { record: reply.done(request, { ts, ...(unthreaded && { unthreaded }) }) };
}
