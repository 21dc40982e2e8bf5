import type { Event } from '../events.ts';
import type { Ports } from '../ports.ts';
import type { Request } from '../request.ts';

/** Appends events to a request as it stands now; null where they may not happen any more. */
export function record(
  { id }: Pick<Request, 'id'>,
  { ledger }: Pick<Ports, 'ledger'>,
  ...events: readonly Event[]
): Promise<Request | null> {
  return ledger.transaction(async (tx) => {
    const current = await tx.load(id);
    return current === null ? null : tx.append(current, ...events);
  });
}
