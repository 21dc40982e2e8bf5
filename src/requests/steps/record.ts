import type { Event } from '../events.ts';
import type { Ports } from '../ports.ts';
import type { Request } from '../request.ts';

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
