import { backoffMs } from '../backoff.ts';
import { tooLate } from '../deadline.ts';
import type { Event } from '../events.ts';
import { waitMs } from '../passing.ts';
import type { Ports, Posted, PutOff, Step } from '../ports.ts';
import type { EndReason, PostProblem } from '../reasons.ts';
import type { Request } from '../request.ts';
import { isOutcome } from '../state.ts';
import { end } from './authorize.ts';
import { beginDeed } from './begin-deed.ts';
import { record, recordNow } from './record.ts';

/** Posts the announcement: nothing is sent to Campaign that the channel does not show. */
export const announce: Step = async (request, ports, claim) => {
  const { attempts } = claim;
  const { attempts: tried, inDoubt, landsBy } = request.announcement;
  if (tooLate(request, ports.now())) return end(request, 'not_sent', whyLate(tried > 0 && !inDoubt), ports);
  if (inDoubt && landsBy > ports.now()) return { notBefore: landsBy };
  // A restored ledger may be older than the announcement.
  if (inDoubt || ports.reconciliation.wasOpen(request.id)) {
    const search = await searchFirst(request, ports, attempts);
    if (search !== 'absent') return search;
  }
  const attempt = tried + 1;
  const begun = await beginDeed(request, ports, claim, { type: 'announcing', data: { attempt } });
  return begun === null ? undefined : settle(begun, await ports.messenger.announce(begun), ports, attempts);
};

/** Slack is to blame only where it said so. */
function whyLate(slackRefused: boolean): EndReason {
  return slackRefused ? { kind: 'slack', reason: 'unreachable' } : { kind: 'too_late' };
}

async function searchFirst(request: Request, ports: Ports, attempts: number): Promise<'absent' | PutOff | undefined> {
  const found = await ports.messenger.findAnnouncement(request);
  switch (found.kind) {
    case 'found':
      await recordPosted(request, found.ts, ports);
      return undefined;
    case 'absent':
      return 'absent';
    case 'unknowable':
      return end(request, 'not_sent', { kind: 'slack', reason: 'unknowable' }, ports);
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
    case 'doubt':
      await record(request, ports, notPosted(posted.kind));
      return { notBefore: ports.now() + waitMs(posted, attempts, ports.random()) };
    case 'refused':
      await record(request, ports, notPosted(posted.reason));
      if (posted.reason === 'unreachable') return { notBefore: ports.now() + backoffMs(attempts, ports.random()) };
      return end(request, 'not_sent', { kind: 'slack', reason: posted.reason }, ports);
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

function notPosted(reason: PostProblem): Event {
  return { type: 'not_posted', data: { message: 'announcement', reason } };
}
