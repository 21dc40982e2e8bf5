import { DatabaseSync } from 'node:sqlite';
import type { Event, Order } from '../../../src/requests/events.ts';
import type { Ledger, Submission } from '../../../src/requests/ledger/ledger.ts';
import { openLedger } from '../../../src/requests/ledger/open-ledger.ts';
import type { Request } from '../../../src/requests/request.ts';
import { noon, orderOf, requestedBy } from '../events.fixture.ts';
import { newLedgerPath } from '../scene/folder.fixture.ts';

export const patient = new AbortController().signal;
export const leaseMs = 60_000;

export type OpenedLedger = {
  readonly ledger: Ledger;
  readonly path: string;
  /** `look` is called whenever the ledger looks at it, which a write does once for each try. */
  readonly clock: { now: number; look: () => void };
  /** Another connection to the same file, past all the code. */
  raw(): DatabaseSync;
  /** Closes it, and opens the same file again. */
  reopen(): Promise<Ledger>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A ledger in a new file, with its time moved by hand. */
export async function newLedger(path = newLedgerPath()): Promise<OpenedLedger> {
  const clock = { now: noon, look: () => {} };
  const now = () => {
    clock.look();
    return clock.now;
  };
  const open = () => openLedger({ path, owner: 'this process', now, leaseMs, recorded: () => {} });
  const others: DatabaseSync[] = [];
  let ledger = await open();
  return {
    get ledger() {
      return ledger;
    },
    path,
    clock,
    raw() {
      const other = new DatabaseSync(path, { timeout: 0 });
      others.push(other);
      return other;
    },
    async reopen() {
      await ledger.close();
      ledger = await open();
      return ledger;
    },
    async [Symbol.asyncDispose]() {
      for (const other of others) if (other.isOpen) other.close();
      await ledger.close();
    },
  };
}

export function submission(
  id: string,
  order: Partial<Order> = {},
  rest: Parameters<typeof requestedBy>[1] = {},
): Submission {
  return { id, requested: requestedBy(orderOf(order), { interaction: `typed-${id}`, ...rest }) };
}

/** Writes a request with this order and everything that happened to it. */
export async function written(
  ledger: Ledger,
  { id, requested }: Submission,
  ...events: readonly Event[]
): Promise<Request> {
  const { request } = await ledger.submit({ id, requested }, patient);
  if (events.length === 0) return request;
  return append(ledger, request, ...events);
}

export async function append(
  ledger: Ledger,
  { id }: Pick<Request, 'id'>,
  ...events: readonly Event[]
): Promise<Request> {
  const after = await ledger.transaction(async (tx) => {
    const current = await tx.load(id);
    return current && tx.append(current, ...events);
  });
  if (after === null) throw new Error(`"${events[0]?.type}" may not happen to ${id}`);
  return after;
}
