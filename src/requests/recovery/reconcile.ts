import type { EventOf, FoundEmergency } from '../events.ts';
import { type AnnouncementState, isOutcome, type Outcome } from '../outcome.ts';
import type { ThreadView } from '../ports.ts';
import { announcementState, initialAnnouncementState, isBatch, type Request } from '../request.ts';

/** What to do with a request that was open when the process started, by what its thread shows. */
export type Verdict =
  | { readonly kind: 'go_on' }
  /** It has ended already: the ledger was restored from a copy that is older than that. */
  | {
      readonly kind: 'take_over';
      readonly reconciled: EventOf<'reconciled'>['data'];
      readonly emergency?: FoundEmergency;
    }
  /** It may have been sent by an earlier process, so it must not be sent. */
  | {
      readonly kind: 'unknown';
      readonly because: 'history_unreadable' | 'ledger_behind';
      readonly emergency?: FoundEmergency;
    }
  | { readonly kind: 'wait'; readonly retryAfterMs: number };

type Read = Extract<ThreadView, { kind: 'read' }>;

/**
 * A restored ledger and the ledger of a crashed process look alike. Only the channel distinguishes them: it is never ahead
 * of an up-to-date ledger, because every event is recorded before a message shows it.
 */
export function reconcile(request: Request, view: ThreadView, now: number): Verdict {
  if (isOutcome(request.state)) return { kind: 'go_on' };
  if (isBatch(request) && request.state === 'approved') return reconcileApproved(view, now);
  switch (view.kind) {
    case 'unreachable':
      return { kind: 'wait', retryAfterMs: view.retryAfterMs };
    case 'unknowable':
      return isAhead(request, now) ? { kind: 'go_on' } : notSentAgain(request, 'history_unreadable');
    case 'read':
      return withEmergency(
        takeOver(view, now) ?? (isBehind(view, request) ? notSentAgain(request, 'ledger_behind') : { kind: 'go_on' }),
        view,
      );
    default:
      return view satisfies never;
  }
}

/** Its review is still to be given. */
function withEmergency(verdict: Verdict, { emergency }: Read): Verdict {
  if (emergency === undefined || verdict.kind === 'go_on' || verdict.kind === 'wait') return verdict;
  return { ...verdict, emergency };
}

/** Once approved, a batch sends nothing. Each of its items is compared by itself. */
function reconcileApproved(view: ThreadView, now: number): Verdict {
  if (view.kind === 'unreachable') return { kind: 'wait', retryAfterMs: view.retryAfterMs };
  return (view.kind === 'read' ? takeOver(view, now) : null) ?? { kind: 'go_on' };
}

/** A command whose dispatch was recorded is never sent again, and ends as interrupted. */
function notSentAgain({ state }: Request, because: 'history_unreadable' | 'ledger_behind'): Verdict {
  return state === 'dispatching' ? { kind: 'go_on' } : { kind: 'unknown', because };
}

/** The reply counts, or an announcement that was edited to an outcome before the reply could be posted. */
function takeOver({ announcement, outcome, followUp, items }: Read, now: number): Verdict | null {
  const shows = announcement?.shows ?? null;
  const found = outcome ?? (shows !== null && isOutcome(shows) ? fromAnnouncement(shows) : null);
  if (found === null) return null;
  const at = found.ts ?? announcement?.changedAt ?? null;
  const reconciled = {
    ...found,
    postedAt: at === null ? now : Math.min(now, Math.round(Number(at) * 1_000)),
    announcement: announcement && { ts: announcement.ts, shows },
    note: followUp,
    ...(items && { items: items.flatMap(endedOf) }),
  };
  return { kind: 'take_over', reconciled };
}

function endedOf({ request, state }: NonNullable<Read['items']>[number]) {
  return isOutcome(state) ? [{ request, outcome: state }] : [];
}

function fromAnnouncement(outcome: Outcome) {
  return { outcome, digest: null, ts: null };
}

/** The progress of a request, as a message shows it. */
const progress = { awaiting_approval: 0, scheduled: 1, approved: 2, retrying: 3 } as const;

/** No process has sent what is not due yet. */
function isAhead({ grant }: Request, now: number): boolean {
  return grant?.dueAt !== undefined && now < grant.dueAt;
}

/** Whether the channel shows that the request had progressed further. */
function isBehind({ announcement, emergency }: Read, request: Request): boolean {
  // It is sent as soon as it is declared, whatever the announcement shows yet.
  if (emergency !== undefined && request.emergency === null) return true;
  const shows = announcement?.shows ?? null;
  if (shows === null || isOutcome(shows)) return false;
  // An item of a batch has the announcement of its batch.
  const isAnnounced = request.announcement.attempts > 0 || request.batch !== null;
  // A question that the ledger lacks is still open. A request without a question may have been sent since.
  if (!isAnnounced) return shows !== 'awaiting_approval';
  return (
    progress[shows] > progressOf(isUnasked(request) ? initialAnnouncementState(request) : announcementState(request))
  );
}

function isUnasked({ state }: Request): boolean {
  return state === 'submitted' || state === 'announced';
}

function progressOf(shown: AnnouncementState): number {
  return isOutcome(shown) ? Number.POSITIVE_INFINITY : progress[shown];
}
