import type { MessageSearch, Postponement, PostResult } from '../../attempt-results.ts';
import type { Event, EventOf } from '../../events.ts';
import type { Claim } from '../../ledger/ledger.ts';
import type { Ports, Recording, Step, StepResult } from '../../ports.ts';
import { holdOnRateLimit, isWithinLease, record, recordIntent, recording } from '../../record.ts';
import { retryInNewChannel } from '../../recovery/moved-channel.ts';
import type { Request } from '../../request.ts';
import { backoffMs, isSlackUnavailable, isTransient, limits, postponed } from '../../retry-policy.ts';
import { announcedAt } from './announce.ts';

type OutcomePosted = EventOf<'reported'>['data'];

/**
 * Posts the outcome in the announcement's thread, or privately to the requester where there is no
 * announcement. If Slack refuses that, it is sent as a direct message; if that is refused as well, it is logged.
 */
export const postOutcome: Step = async (request, ports, claim) => {
  const { attempts, begunUntil } = claim;
  if (begunUntil !== undefined) return postNow(request, ports, claim);
  const landing = untilLanded(request, ports);
  if (landing !== null) return landing;
  if (isSlackUnavailable(request.outcomePost.problem) && !(await ports.messenger.isReachable()))
    return backOff(attempts, ports);
  const search = await searchFirst(request, ports, attempts);
  const result = search === 'absent' ? await postNow(request, ports, claim) : search;
  return result !== undefined && 'notBefore' in result ? sendDirectlyToo(request, result, ports, claim) : result;
};

export function reporting({ outcomePost }: Request): Event {
  return { type: 'reporting', data: { attempt: outcomePost.attempts + 1 } };
}

async function postNow(request: Request, ports: Ports, claim: Claim): Promise<StepResult> {
  const { attempts } = claim;
  const begun = await recordIntent(request, ports, claim, reporting(request));
  if (begun === null) return undefined;
  const inThread = request.announcement.ts !== null;
  const posted = await (inThread ? ports.messenger.postOutcome(begun) : ports.messenger.postOutcomePrivately(begun));
  return settle(begun, posted, inThread ? 'thread' : 'private', ports, attempts);
}

/** An outcome that cannot be posted in its thread for ten minutes is also sent to the requester, once; the thread is still retried. */
async function sendDirectlyToo(
  { id }: Request,
  postponement: Postponement,
  ports: Ports,
  claim: Claim,
): Promise<Postponement> {
  const current = await ports.ledger.load(id);
  if (current === null || !waitsForThread(current)) return postponement;
  const at = (current.end?.at ?? 0) + limits.outcome.directMs;
  if (ports.now() < at)
    return current.outcomePost.problem === 'rate_limited' ? postponement : earlier(postponement, at);
  const leaseUntil = await ports.ledger.transaction((tx) => tx.renew(claim));
  if (leaseUntil === null || !isWithinLease(leaseUntil, ports)) return postponement;
  const posted = await ports.messenger.sendOutcomeDirectly(current);
  if (posted.kind === 'posted') await record(current, ports, { type: 'notified', data: { ts: posted.ts } });
  return postponement;
}

/** An outcome without an announcement is private in any case. */
function waitsForThread({ announcement, outcomePost }: Request): boolean {
  return (
    outcomePost.done === null && outcomePost.notified === null && (announcement.ts !== null || announcement.inDoubt)
  );
}

function earlier({ notBefore }: Postponement, at: number): Postponement {
  return { notBefore: Math.min(notBefore, at) };
}

/** Searches for messages whose posts are in doubt: the announcement of the outcome, and the outcome. */
async function searchFirst(request: Request, ports: Ports, attempts: number): Promise<'absent' | StepResult> {
  const { announcement, outcomePost } = request;
  // A restored ledger may be older than the posted outcome.
  const wasOpen = ports.reconciliation.wasOpen(request.id);
  if (announcement.inDoubt || (wasOpen && announcement.ts === null)) {
    const found = await ports.messenger.findAnnouncement(request);
    // The request ended meanwhile, and the channel must not keep showing a question.
    return found.kind === 'found' ? recording(announcedAt(found.ts, ports)) : notFound(request, found, ports, attempts);
  }
  if (announcement.ts === null || !(outcomePost.inDoubt || wasOpen)) return 'absent';
  const found = await ports.messenger.findOutcome(request);
  if (found.kind === 'found') return done(ports, { via: placeOf(found), ts: found.ts });
  return notFound(request, found, ports, attempts);
}

async function notFound(
  request: Request,
  { kind }: Exclude<MessageSearch, { kind: 'found' }>,
  ports: Ports,
  attempts: number,
): Promise<'absent' | Postponement> {
  if (kind === 'unreachable') return backOff(attempts, ports);
  // Under its old ID the channel cannot be searched.
  return (kind === 'unknowable' && (await retryInNewChannel(request, attempts, ports))) || 'absent';
}

/** While Slack is unavailable nothing is recorded. */
function backOff(attempts: number, { now, random }: Ports): Postponement {
  return { notBefore: now() + backoffMs(attempts, random()) };
}

/** A post that can still arrive is not searched for yet. */
function untilLanded({ announcement, outcomePost }: Request, { now }: Ports): Postponement | null {
  const arrivesBy = Math.max(
    announcement.inDoubt ? announcement.arrivesBy : 0,
    outcomePost.inDoubt ? outcomePost.arrivesBy : 0,
  );
  return arrivesBy > now() ? { notBefore: Math.min(arrivesBy, now() + limits.outcome.recheckMs) } : null;
}

function placeOf({ unthreaded }: { readonly unthreaded?: true }): 'thread' | 'channel' {
  return unthreaded === true ? 'channel' : 'thread';
}

async function settle(
  request: Request,
  posted: PostResult,
  via: OutcomePosted['via'],
  ports: Ports,
  attempts: number,
): Promise<StepResult> {
  if (posted.kind === 'posted') {
    return done(ports, { via: via === 'thread' ? placeOf(posted) : via, ts: posted.ts });
  }
  const reason = posted.kind === 'refused' ? posted.reason : posted.kind;
  const elsewhere =
    via === 'thread' && reason === 'channel_not_found' ? await retryInNewChannel(request, attempts, ports) : null;
  if (elsewhere === null && !isTransient(posted)) return fallBack(request, via, ports, attempts);
  await holdOnRateLimit(posted, via === 'thread' ? request.channel : request.requester, ports);
  await record(request, ports, { type: 'not_posted', data: { message: 'outcome', reason } });
  const later = elsewhere ?? postponed(posted, attempts, ports);
  if (request.outcomePost.attempts <= limits.outcome.often) return later;
  return {
    notBefore: Math.max(later.notBefore, ports.now() + backoffMs(attempts, ports.random(), limits.outcome.seldomMs)),
  };
}

/** The thread cannot be written: the outcome goes to the requester directly, and as a last resort to the log. */
async function fallBack(
  request: Request,
  via: OutcomePosted['via'],
  ports: Ports,
  attempts: number,
): Promise<StepResult> {
  const { notified } = request.outcomePost;
  if (notified !== null) return done(ports, { via: 'direct', ts: notified });
  if (via !== 'direct') {
    return settle(request, await ports.messenger.sendOutcomeDirectly(request), 'direct', ports, attempts);
  }
  return logOutcome(request, ports);
}

/** The last resort: an administrator can read it in the log. */
export function logOutcome(request: Request, ports: Ports, cause?: unknown): Recording {
  const { id, order, requester, channel, end } = request;
  const outcome = { outcome: end?.outcome, because: end?.because };
  ports.log.error({ request: id, order, requester, channel, ...outcome, err: cause }, 'outcome could not be posted');
  return done(ports, { via: 'log', ts: null });
}

/** The announcement was deleted. The reply in the channel names its subject, so nothing is posted again. */
export function logUnthreaded({ id, channel }: Request, ts: string | null, { log, count }: Ports): void {
  count.unthreaded();
  log.warn({ request: id, channel, ts }, 'a reply is not in its thread: the announcement was deleted');
}

/** Records the delivery, unless another process has already recorded one. */
function done(ports: Ports, reported: OutcomePosted): Recording {
  return {
    record: (current) => (current.outcomePost.done === null ? [{ type: 'reported', data: reported }] : []),
    recorded: (request) => logPosted(request, reported, ports),
  };
}

function logPosted(request: Request, { via, ts }: OutcomePosted, ports: Ports): void {
  const { id, end } = request;
  if (end === null) return;
  if (via === 'channel') logUnthreaded(request, ts, ports);
  // Its own line is at error level.
  if (via === 'log') return;
  const afterMs = Math.max(0, ports.now() - end.at);
  ports.log.info({ request: id, outcome: end.outcome, via, afterMs }, 'outcome posted');
}
