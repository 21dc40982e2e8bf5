import type { PostResult } from './attempt-results.ts';
import type { Event } from './events.ts';
import type { Claim, LedgerTransaction } from './ledger/ledger.ts';
import type { EndReason } from './outcome.ts';
import type { Ports, Recording, StepResult } from './ports.ts';
import type { PostProgress, Request } from './request.ts';
import { limits } from './retry-policy.ts';

/** Appends events to the current state of a request; null if the first of them is not allowed there. */
export function record(
  request: Pick<Request, 'id'>,
  ports: Pick<Ports, 'ledger'>,
  ...events: readonly Event[]
): Promise<Request | null> {
  return recordNow(request, ports, () => events);
}

/** Appends events that depend on the current state. `signal` limits the wait for a ledger that is unavailable. */
export function recordNow(
  { id }: Pick<Request, 'id'>,
  { ledger }: Pick<Ports, 'ledger'>,
  eventsFor: (current: Request) => readonly Event[],
  signal?: AbortSignal,
): Promise<Request | null> {
  return ledger.transaction(async (tx) => {
    const current = await tx.load(id);
    return current === null ? null : tx.append(current, ...eventsFor(current));
  }, signal);
}

/** Whether a side effect that starts now ends before another process can claim the task. False in a process that was suspended. */
export function isWithinLease(
  leaseUntil: number,
  { ledger }: { readonly ledger: Pick<Ports['ledger'], 'now'> },
): boolean {
  return ledger.now() + limits.lease.sideEffectMs <= leaseUntil;
}

/**
 * Records an intent before its side effect, and renews the lease, unless the step before has done so. Null if the side
 * effect must not happen: the event is no longer allowed, another process has claimed the task, or this process was delayed.
 */
export async function recordIntent(
  known: Request,
  ports: Pick<Ports, 'ledger'>,
  claim: Claim,
  event: Event | ((tx: LedgerTransaction, request: Request) => Promise<Event>),
): Promise<Request | null> {
  if (claim.begunUntil !== undefined) return isWithinLease(claim.begunUntil, ports) ? known : null;
  const begun = await ports.ledger.transaction(async (tx) => {
    const request = await tx.load(known.id);
    const until = await tx.renew(claim);
    if (request === null || until === null) return null;
    const after = await tx.append(request, typeof event === 'function' ? await event(tx, request) : event);
    return after && { request: after, until };
  });
  return begun !== null && isWithinLease(begun.until, ports) ? begun.request : null;
}

/**
 * What comes before a post. `absent`: it can begin. A post in doubt that can still arrive is waited for. Afterwards it is
 * searched for, as is one of a request that was open at the start: a restored ledger may be older than the message.
 */
export async function beforePosting(
  { inDoubt, arrivesBy }: PostProgress,
  { request, begunUntil }: Claim,
  { now, reconciliation }: Ports,
  search: () => Promise<'absent' | StepResult>,
): Promise<'absent' | StepResult> {
  if (begunUntil !== undefined) return 'absent';
  if (inDoubt && arrivesBy > now()) return { notBefore: arrivesBy };
  return inDoubt || reconciliation.wasOpen(request) ? search() : 'absent';
}

type UnsentOutcome = 'refused' | 'not_sent' | 'expired' | 'unknown';

/** Ends a request, unless it has already ended. */
export async function endRequest(
  request: Pick<Request, 'id'>,
  outcome: UnsentOutcome,
  because: EndReason,
  ports: Pick<Ports, 'ledger'>,
): Promise<undefined> {
  await record(request, ports, ended(outcome, because));
}

/** The result of a step that ends its request. */
export function ending(outcome: UnsentOutcome, because: EndReason): Recording {
  return recording(ended(outcome, because));
}

/** The result of a step that records these events. */
export function recording(...events: readonly Event[]): Recording {
  return { record: () => events };
}

function ended(outcome: UnsentOutcome, because: EndReason): Event {
  return { type: 'ended', data: { outcome, because, answer: null } };
}

/** After a rate limit, delays all other posts in that channel (or to that person), or all updates, in all processes. */
export async function holdOnRateLimit(
  posted: PostResult,
  channel: string,
  { ledger }: Pick<Ports, 'ledger'>,
): Promise<void> {
  if (posted.kind === 'rate_limited') await ledger.recordRateLimit({ channel, retryAfterMs: posted.retryAfterMs });
}
