import { backoffMs } from '../backoff.ts';
import { tooLate } from '../deadline.ts';
import type { Event } from '../events.ts';
import type { Ports, Posted, PutOff, Step } from '../ports.ts';
import type { Request } from '../request.ts';
import { isOutcome } from '../state.ts';
import { end } from './authorize.ts';
import { record, recordNow } from './record.ts';

/** A message whose sending was cut off can still land a moment later. */
export const landsWithinMs = 2_000;

/** Posts the announcement: nothing is sent to Campaign that the channel does not show. */
export const announce: Step = async (request, ports, attempts) => {
  if (tooLate(request, ports.now())) return end(request, 'not_sent', { kind: 'slack', reason: 'unreachable' }, ports);
  if (request.announcement.inDoubt) {
    const search = await searchFirst(request, ports, attempts);
    if (search !== 'absent') return search;
  }
  const attempt = request.announcement.attempts + 1;
  const begun = await record(request, ports, { type: 'announcing', data: { attempt } });
  return begun === null ? undefined : settle(begun, await ports.messenger.announce(begun), ports, attempts);
};

async function searchFirst(request: Request, ports: Ports, attempts: number): Promise<'absent' | PutOff | undefined> {
  const found = await ports.messenger.findAnnouncement(request);
  switch (found.kind) {
    case 'found':
      await recordPosted(request, found.ts, ports);
      return undefined;
    case 'absent':
      return 'absent';
    case 'unknowable':
      return end(request, 'not_sent', { kind: 'slack', reason: 'missing_scope' }, ports);
    case 'unreachable':
      return { notBefore: ports.now() + backoffMs(attempts, ports.random()) };
    default:
      return found satisfies never;
  }
}

async function settle(request: Request, posted: Posted, ports: Ports, attempts: number): Promise<PutOff | undefined> {
  switch (posted.kind) {
    case 'posted':
      await recordPosted(request, posted.ts, ports);
      return undefined;
    case 'rate_limited':
      await record(request, ports, notPosted('rate_limited'));
      return { notBefore: ports.now() + posted.retryAfterMs };
    case 'refused':
      await record(request, ports, notPosted(posted.reason));
      if (posted.reason === 'unreachable') return { notBefore: ports.now() + backoffMs(attempts, ports.random()) };
      return end(request, 'not_sent', { kind: 'slack', reason: posted.reason }, ports);
    case 'doubt':
      return { notBefore: ports.now() + landsWithinMs };
    default:
      return posted satisfies never;
  }
}

/** Once the channel shows it, the question stands, or the command may go: unless it has ended meanwhile. */
function recordPosted(request: Request, ts: string, ports: Ports): Promise<Request | null> {
  const announced: Event = { type: 'announced', data: { ts } };
  return recordNow(request, ports, ({ state, grant }) =>
    isOutcome(state) ? [announced] : [announced, afterPosting(grant?.expiresAt ?? null)],
  );
}

function afterPosting(expiresAt: number | null): Event {
  return expiresAt === null
    ? { type: 'approved', data: { by: null, interaction: null } }
    : { type: 'asked', data: { expiresAt } };
}

function notPosted(reason: (Event & { type: 'not_posted' })['data']['reason']): Event {
  return { type: 'not_posted', data: { message: 'announcement', reason } };
}
