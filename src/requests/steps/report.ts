import { backoffMs } from '../backoff.ts';
import type { EventOf } from '../events.ts';
import type { Ports, Posted, PutOff, Step } from '../ports.ts';
import type { SlackReason } from '../reasons.ts';
import type { Request } from '../request.ts';
import { landsWithinMs } from './announce.ts';
import { record } from './record.ts';

/** What may be mended while the outcome waits: it stays due. */
const mayPass: ReadonlySet<SlackReason> = new Set(['unreachable', 'token_revoked']);

type Reported = EventOf<'reported'>['data'];

/**
 * Tells the outcome: in the announcement's thread, or to the requester alone where there is no
 * announcement. Where Slack will not have it, by direct message; where that fails too, in the log.
 */
export const report: Step = async (request, ports, attempts) => {
  if (request.announcement.inDoubt && (await foundAnnouncement(request, ports))) return undefined;
  const inThread = request.announcement.ts !== null;
  if (inThread && request.report.inDoubt) {
    const found = await ports.messenger.findReport(request);
    if (found.kind === 'found') return done(request, ports, { via: 'thread', ts: found.ts });
    if (found.kind === 'unreachable') return later(ports, attempts);
  }
  const attempt = request.report.attempts + 1;
  const begun = await record(request, ports, { type: 'reporting', data: { attempt } });
  if (begun === null) return undefined;
  const posted = await (inThread ? ports.messenger.report(begun) : ports.messenger.reportPrivately(begun));
  return settle(begun, posted, inThread ? 'thread' : 'private', ports, attempts);
};

/** It ended before anybody knew whether it had been announced: the channel must not go on showing a question. */
async function foundAnnouncement(request: Request, ports: Ports): Promise<boolean> {
  const found = await ports.messenger.findAnnouncement(request);
  if (found.kind !== 'found') return false;
  await record(request, ports, { type: 'announced', data: { ts: found.ts } });
  return true;
}

async function settle(
  request: Request,
  posted: Posted,
  via: Reported['via'],
  ports: Ports,
  attempts: number,
): Promise<PutOff | undefined> {
  switch (posted.kind) {
    case 'posted':
      return done(request, ports, { via, ts: posted.ts });
    case 'rate_limited':
      await notPosted(request, ports, 'rate_limited');
      return { notBefore: ports.now() + posted.retryAfterMs };
    case 'refused':
      if (!mayPass.has(posted.reason)) return otherwise(request, via, ports, attempts);
      await notPosted(request, ports, posted.reason);
      return later(ports, attempts);
    case 'doubt':
      return { notBefore: ports.now() + landsWithinMs + backoffMs(attempts, ports.random()) };
    default:
      return posted satisfies never;
  }
}

/** The thread cannot be written: the requester is told directly, or at the very last the log. */
async function otherwise(request: Request, via: Reported['via'], ports: Ports, attempts: number) {
  if (via !== 'direct') {
    return settle(request, await ports.messenger.reportDirectly(request), 'direct', ports, attempts);
  }
  const { id, order, end } = request;
  ports.log.error({ request: id, order, outcome: end?.outcome, because: end?.because }, 'outcome could not be posted');
  return done(request, ports, { via: 'log', ts: null });
}

async function done(request: Request, ports: Ports, reported: Reported): Promise<undefined> {
  const told = await record(request, ports, { type: 'reported', data: reported });
  if (told?.end == null) return;
  const { outcome, because } = told.end;
  ports.count.ended(outcome);
  ports.log.info({ request: told.id, ...told.order, outcome, because, via: reported.via }, 'request ended');
}

function notPosted(request: Request, ports: Ports, reason: 'rate_limited' | SlackReason) {
  return record(request, ports, { type: 'not_posted', data: { message: 'outcome', reason } });
}

function later(ports: Ports, attempts: number): PutOff {
  return { notBefore: ports.now() + backoffMs(attempts, ports.random()) };
}
