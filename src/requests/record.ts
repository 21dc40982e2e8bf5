import type { Event } from './events.ts';
import type { Claim, LedgerTransaction } from './ledger/ledger.ts';
import type { Ports } from './ports.ts';
import type { Request } from './request.ts';

/** Appends events to a request as it stands now; null where they may not happen any more. */
export function record(
  request: Pick<Request, 'id'>,
  ports: Pick<Ports, 'ledger'>,
  ...events: readonly Event[]
): Promise<Request | null> {
  return recordNow(request, ports, () => events);
}

/** The same, where what happened depends on how the request stands now. `signal`: for how long a ledger that is away is waited for. */
export function recordNow(
  { id }: Pick<Request, 'id'>,
  { ledger }: Pick<Ports, 'ledger'>,
  happened: (current: Request) => readonly Event[],
  signal?: AbortSignal,
): Promise<Request | null> {
  return ledger.transaction(async (tx) => {
    const current = await tx.load(id);
    return current === null ? null : tx.append(current, ...happened(current));
  }, signal);
}

/** The longest that one deed outside takes: a post or a command at its time-out of ten seconds, and as much for a slow process. */
const sideEffectTakesMs = 20_000;

/** How long nobody else takes a task over: longer than a deed takes, so that whoever takes over finds none under way. */
export const leaseMs = 30_000;

/** Whether a deed that is begun now is over before somebody else can take over; false in a process that was asleep. */
export function isWithinLease(leaseUntil: number, { ledger }: Pick<Ports, 'ledger'>): boolean {
  return ledger.now() + sideEffectTakesMs <= leaseUntil;
}

/**
 * Writes down a deed before it is done, and begins the lease anew. Null where it may not be done (any more): the
 * request went on without it, somebody else has the task, or this process was held up.
 */
export async function recordIntent(
  { id }: Pick<Request, 'id'>,
  ports: Pick<Ports, 'ledger'>,
  claim: Claim,
  event: Event | ((tx: LedgerTransaction, request: Request) => Promise<Event>),
): Promise<Request | null> {
  const begun = await ports.ledger.transaction(async (tx) => {
    const request = await tx.load(id);
    const until = await tx.renew(claim);
    if (request === null || until === null) return null;
    const after = await tx.append(request, typeof event === 'function' ? await event(tx, request) : event);
    return after && { request: after, until };
  });
  return begun !== null && isWithinLease(begun.until, ports) ? begun.request : null;
}
