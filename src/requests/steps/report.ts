import { backoffMs } from '../backoff.ts';
import type { EventOf } from '../events.ts';
import type { Claim } from '../ledger/ledger.ts';
import { holdIfLimited, isAway, mayPass, retryLater } from '../passing.ts';
import type { Ports, Posted, PutOff, Step } from '../ports.ts';
import type { Request } from '../request.ts';
import { beginDeed, isInTime } from './begin-deed.ts';
import { followChannel, hasMoved } from './follow-channel.ts';
import { record } from './record.ts';

/** How soon to look again whether a message under way has arrived. */
const lookAgainMs = 1_000;

/** Each attempt is on record: after so many of them there are less and less, down to one in five minutes. */
const mostOften = 10;
const seldomMs = 300_000;

/** How long an outcome waits for its thread before it goes to the requester directly as well. */
const directlyAfterMs = 600_000;

type Reported = EventOf<'reported'>['data'];

/**
 * Tells the outcome: in the announcement's thread, or to the requester alone where there is no
 * announcement. Where Slack will not have it, by direct message; where that fails too, in the log.
 */
export const report: Step = async (request, ports, claim) => {
  const landing = landsLater(request, ports);
  if (landing !== null) return landing;
  const { attempts } = claim;
  if (isAway(request.report.problem) && !(await ports.messenger.isThere())) return later(attempts, ports);
  const putOff = await tellOnce(request, ports, claim);
  return putOff && tellDirectlyAsWell(request, putOff, ports, claim);
};

async function tellOnce(request: Request, ports: Ports, claim: Claim): Promise<PutOff | undefined> {
  const { attempts } = claim;
  const search = await searchFirst(request, ports, attempts);
  if (search !== 'absent') return search;
  const attempt = request.report.attempts + 1;
  const begun = await beginDeed(request, ports, claim, { type: 'reporting', data: { attempt } });
  if (begun === null) return undefined;
  const inThread = request.announcement.ts !== null;
  const posted = await (inThread ? ports.messenger.report(begun) : ports.messenger.reportPrivately(begun));
  return settle(begun, posted, inThread ? 'thread' : 'private', ports, attempts);
}

/** What the thread does not take for ten minutes is sent to the requester as well, once; the thread is tried further. */
async function tellDirectlyAsWell(
  { id }: Request,
  putOff: PutOff,
  ports: Ports,
  claim: Claim,
): Promise<PutOff | undefined> {
  const current = await ports.ledger.load(id);
  if (current === null || !waitsForThread(current)) return putOff;
  const at = (current.end?.at ?? 0) + directlyAfterMs;
  if (ports.now() < at) return current.report.problem === 'rate_limited' ? putOff : earlier(putOff, at);
  const leaseUntil = await ports.ledger.transaction((tx) => tx.renew(claim));
  if (leaseUntil === null || !isInTime(leaseUntil, ports)) return putOff;
  const posted = await ports.messenger.reportDirectly(current);
  if (posted.kind === 'posted') await record(current, ports, { type: 'notified', data: { ts: posted.ts } });
  return putOff;
}

/** An outcome without an announcement goes to the requester alone anyway. */
function waitsForThread({ announcement, report }: Request): boolean {
  return report.done === null && report.notified === null && (announcement.ts !== null || announcement.inDoubt);
}

function earlier({ notBefore }: PutOff, at: number): PutOff {
  return { notBefore: Math.min(notBefore, at) };
}

/** Looks for messages of which nobody knows whether they arrived: the announcement that the outcome belongs to, and the outcome. */
async function searchFirst(request: Request, ports: Ports, attempts: number): Promise<'absent' | PutOff | undefined> {
  const { announcement, report } = request;
  // A restored ledger may be older than what was posted.
  const wasOpen = ports.reconciliation.wasOpen(request.id);
  if (announcement.inDoubt || (wasOpen && announcement.ts === null)) {
    const found = await ports.messenger.findAnnouncement(request);
    if (found.kind === 'found') return announced(request, found.ts, ports);
    return found.kind === 'unreachable' ? later(attempts, ports) : 'absent';
  }
  if (announcement.ts === null || !(report.inDoubt || wasOpen)) return 'absent';
  const found = await ports.messenger.findReport(request);
  if (found.kind === 'found') return done(request, ports, { via: placeOf(found), ts: found.ts });
  // Under its old ID the channel cannot be searched.
  if (found.kind === 'unknowable' && (await followChannel(request, ports)).kind === 'moved') return atOnce(ports);
  return found.kind === 'unreachable' ? later(attempts, ports) : 'absent';
}

/** Nothing is written down of a time when nothing could be done. */
function later(attempts: number, { now, random }: Ports): PutOff {
  return { notBefore: now() + backoffMs(attempts, random()) };
}

/** What may still land is not searched for before it has, or never will. */
function landsLater({ announcement, report }: Request, { now }: Ports): PutOff | null {
  const landsBy = Math.max(announcement.inDoubt ? announcement.landsBy : 0, report.inDoubt ? report.landsBy : 0);
  return landsBy > now() ? { notBefore: Math.min(landsBy, now() + lookAgainMs) } : null;
}

/** It ended before anybody knew whether it had been announced: the channel must not go on showing a question. */
async function announced(request: Request, ts: string, ports: Ports): Promise<undefined> {
  await record(request, ports, { type: 'announced', data: { ts } });
}

function atOnce({ now }: Ports): PutOff {
  return { notBefore: now() };
}

function placeOf({ unthreaded }: { readonly unthreaded?: true }): 'thread' | 'channel' {
  return unthreaded === true ? 'channel' : 'thread';
}

async function settle(
  request: Request,
  posted: Posted,
  via: Reported['via'],
  ports: Ports,
  attempts: number,
): Promise<PutOff | undefined> {
  if (posted.kind === 'posted') {
    return done(request, ports, { via: via === 'thread' ? placeOf(posted) : via, ts: posted.ts });
  }
  const reason = posted.kind === 'refused' ? posted.reason : posted.kind;
  if (via === 'thread' && (await hasMoved(request, reason, ports))) {
    await record(request, ports, { type: 'not_posted', data: { message: 'outcome', reason } });
    return atOnce(ports);
  }
  if (!mayPass(posted)) return otherwise(request, via, ports, attempts);
  await holdIfLimited(posted, via === 'thread' ? request.channel : request.requester, ports);
  await record(request, ports, { type: 'not_posted', data: { message: 'outcome', reason } });
  const later = retryLater(posted, attempts, ports);
  if (request.report.attempts <= mostOften) return later;
  return { notBefore: Math.max(later.notBefore, ports.now() + backoffMs(attempts, ports.random(), seldomMs)) };
}

/** The thread cannot be written: the requester is told directly, or at the very last the log. */
async function otherwise(request: Request, via: Reported['via'], ports: Ports, attempts: number) {
  const { notified } = request.report;
  if (notified !== null) return done(request, ports, { via: 'direct', ts: notified });
  if (via !== 'direct') {
    return settle(request, await ports.messenger.reportDirectly(request), 'direct', ports, attempts);
  }
  return tellLog(request, ports);
}

/** The last resort: who keeps the log can tell whom it concerns. */
export function tellLog(request: Request, ports: Ports, cause?: unknown): Promise<undefined> {
  const { id, order, requester, channel, end } = request;
  const outcome = { outcome: end?.outcome, because: end?.because };
  ports.log.error({ request: id, order, requester, channel, ...outcome, err: cause }, 'outcome could not be posted');
  return done(request, ports, { via: 'log', ts: null });
}

/** The announcement was deleted. What stands in the channel says by itself what it is about, so nothing is posted again. */
export function noticeUnthreaded({ id, channel }: Request, ts: string | null, { log, count }: Ports): void {
  count.unthreaded();
  log.warn({ request: id, channel, ts }, 'a reply is not in its thread: the announcement was deleted');
}

/** Whoever was held up on the way here finds that somebody else has told it. */
async function done(request: Request, ports: Ports, reported: Reported): Promise<undefined> {
  const told = await ports.ledger.transaction(async (tx) => {
    const current = await tx.load(request.id);
    return current?.report.done === null ? tx.append(current, { type: 'reported', data: reported }) : null;
  });
  if (told?.end == null) return;
  const { outcome, because } = told.end;
  if (reported.via === 'channel') noticeUnthreaded(told, reported.ts, ports);
  ports.count.ended(outcome);
  ports.log.info({ request: told.id, ...told.order, outcome, because, via: reported.via }, 'request ended');
}
