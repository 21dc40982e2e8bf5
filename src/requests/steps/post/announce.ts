import type { Postponement, PostResult } from '../../attempt-results.ts';
import type { Event } from '../../events.ts';
import type { LedgerTransaction } from '../../ledger/ledger.ts';
import { type EndReason, isOutcome, type PostProblem, type SlackReason } from '../../outcome.ts';
import type { Ports, Recording, Step, StepResult } from '../../ports.ts';
import { updates } from '../../priority.ts';
import { beforePosting, ending, holdOnRateLimit, record, recordIntent, recording } from '../../record.ts';
import { retryInNewChannel } from '../../recovery/moved-channel.ts';
import { announcementState, arrivesWithinMs, asksOthers, type Request } from '../../request.ts';
import {
  backoffMs,
  decidedAt,
  isOver,
  isTooLate,
  isTransient,
  lastDispatchAt,
  postponed,
  updateBy,
} from '../../retry-policy.ts';
import { supersedeForLater } from '../send/freeze.ts';

/** Posts the announcement. No command is sent to Campaign before the channel shows it. */
export const announce: Step = async (request, ports, claim) => {
  const { attempts, begunUntil } = claim;
  if (begunUntil === undefined && isTooLate(request, ports.now()))
    return ending('not_sent', await whyLate(request, ports));
  const before = await beforePosting(request.announcement, claim, ports, () => searchFirst(request, ports, attempts));
  if (before !== 'absent') return before;
  const begun = await recordIntent(request, ports, claim, announcing);
  return begun === null ? undefined : settle(begun, await ports.messenger.announce(begun), ports, attempts);
};

/** A burst of questions notifies its approvers once. */
export async function announcing(tx: LedgerTransaction, request: Request): Promise<Event> {
  const notifiedBy = asksOthers(request) ? await tx.notifiedBy(request) : null;
  const attempt = request.announcement.attempts + 1;
  return { type: 'announcing', data: { attempt, ...(notifiedBy !== null && { notifiedBy }) } };
}

/** Slack's rate limit is the reason only after a 429. */
async function whyLate(request: Request, { ledger, now }: Ports): Promise<EndReason> {
  const { attempts, inDoubt } = request.announcement;
  if (!inDoubt && (await ledger.isPaced(request.channel))) return { kind: 'slack', reason: 'rate_limited' };
  if (attempts > 0 && !inDoubt) return { kind: 'slack', reason: 'unreachable' };
  return { kind: isOver(request, now()) ? 'pause_over' : 'too_late' };
}

async function searchFirst(request: Request, ports: Ports, attempts: number): Promise<'absent' | StepResult> {
  const found = await ports.messenger.findAnnouncement(request);
  switch (found.kind) {
    case 'found':
      return announced(found.ts, ports);
    case 'absent':
      return 'absent';
    case 'unknowable':
      return (
        (await retryInTime(request, attempts, ports)) ?? ending('not_sent', { kind: 'slack', reason: 'unknowable' })
      );
    case 'unreachable':
      return { notBefore: ports.now() + backoffMs(attempts, ports.random()) };
    default:
      return found satisfies never;
  }
}

async function settle(request: Request, posted: PostResult, ports: Ports, attempts: number): Promise<StepResult> {
  switch (posted.kind) {
    case 'posted':
      return announced(posted.ts, ports);
    case 'rate_limited':
    case 'doubt':
      await holdOnRateLimit(posted, request.channel, ports);
      await record(request, ports, notPosted(posted.kind));
      return inTime(request, postponed(posted, attempts, ports));
    case 'refused':
      await record(request, ports, notPosted(posted.reason));
      return (
        (await afterRefusal(request, posted.reason, attempts, ports)) ??
        ending('not_sent', { kind: 'slack', reason: posted.reason })
      );
    default:
      return posted satisfies never;
  }
}

async function afterRefusal(
  request: Request,
  reason: SlackReason,
  attempts: number,
  ports: Ports,
): Promise<Postponement | null> {
  if (reason === 'unreachable') return { notBefore: ports.now() + backoffMs(attempts, ports.random()) };
  return reason === 'channel_not_found' ? retryInTime(request, attempts, ports) : null;
}

async function retryInTime(request: Request, attempts: number, ports: Ports): Promise<Postponement | null> {
  const later = await retryInNewChannel(request, attempts, ports);
  return later && inTime(request, later);
}

/** Whatever Retry-After says, the request ends at its time limit, and the requester gets the reason. */
function inTime(request: Request, later: Postponement): Postponement {
  return { notBefore: Math.min(later.notBefore, lastDispatchAt(decidedAt(request)) + 1) };
}

/** Once the channel shows it, the question is open, or the command may be sent, unless the request has ended meanwhile. */
function announced(ts: string, ports: Pick<Ports, 'workspace'>): Recording {
  const event = announcedAt(ts, ports);
  return {
    async record(request, tx) {
      if (isOutcome(request.state)) return [event];
      const next = afterPosting(request);
      if (next.type === 'scheduled') await supersedeForLater(tx, request);
      return next.type === 'asked' ? [event, next, ...askedAtOnce(request)] : [event, next];
    },
  };
}

/** The stages that the question has asked with the others. */
function askedAtOnce({ grant }: Request): readonly Event[] {
  return (grant?.atOnce ?? []).map((data) => ({ type: 'escalated', data }));
}

/** The announcement is in the channel. */
export function announcedAt(ts: string, { workspace }: Pick<Ports, 'workspace'>): Event {
  return { type: 'announced', data: { ts, ...(workspace !== null && { workspace }) } };
}

function afterPosting({ grant }: Request): Event {
  const expiresAt = grant?.expiresAt ?? null;
  if (expiresAt !== null) return { type: 'asked', data: { expiresAt } };
  return { type: grant?.dueAt == null ? 'approved' : 'scheduled', data: { by: null, interaction: null } };
}

function notPosted(reason: PostProblem): Event {
  return { type: 'not_posted', data: { message: 'announcement', reason } };
}

/** Updates the announcement. An update in doubt is repeated, but not before the first one can no longer overwrite it. */
export const updateAnnouncement: Step = async (request, ports, { attempts }) => {
  const state = announcementState(request);
  const { questionRevision } = request;
  if (await isGivenUp(request, ports))
    return recording({ type: 'shown', data: { state, turn: questionRevision, problem: 'rate_limited' } });
  const posted = await ports.messenger.updateAnnouncement(request, state);
  if (isTransient(posted)) {
    await holdOnRateLimit(posted, updates, ports);
    const arrivesBy = posted.kind === 'doubt' ? ports.now() + arrivesWithinMs : 0;
    const later = postponed(posted, attempts, ports);
    return { notBefore: Math.max(arrivesBy, later.notBefore) };
  }
  const problem = posted.kind === 'refused' ? posted.reason : null;
  const elsewhere = problem === 'channel_not_found' ? await retryInNewChannel(request, attempts, ports) : null;
  if (elsewhere !== null) return elsewhere;
  return recording({ type: 'shown', data: { state, turn: questionRevision, problem } });
};

/** Where Slack limits the updates, the newest go on: the thread has the outcome. */
async function isGivenUp(request: Request, { ledger, now }: Ports): Promise<boolean> {
  const by = updateBy(request);
  return by !== null && now() > by && ledger.isPaced(updates);
}
