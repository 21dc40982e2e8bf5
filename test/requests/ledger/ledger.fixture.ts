import { DatabaseSync } from 'node:sqlite';
import type { Event, Order } from '../../../src/requests/events.ts';
import type { Ledger, Submission } from '../../../src/requests/ledger/ledger.ts';
import { type Database, type LedgerOptions, openLedger } from '../../../src/requests/ledger/open-ledger.ts';
import type { Request } from '../../../src/requests/request.ts';
import { newDatabase, onServer } from '../../postgres/new-database.ts';
import { noon, orderOf, requestedBy } from '../events.fixture.ts';
import { newLedgerPath } from '../scene/ledger-path.fixture.ts';

export const neverAborted = new AbortController().signal;
export const leaseMs = 60_000;

export const engines = ['sqlite', 'postgres'] as const;
export type EngineName = (typeof engines)[number];

/** Options with empty callbacks. */
export function ledgerOptions(database: Database, now?: () => number): LedgerOptions {
  const quiet = {
    onRecorded: () => {},
    onForged: () => {},
    onKeyBegun: () => {},
    onCheckpoint: () => {},
    onForgedCheckpoint: () => {},
    onTrouble: () => {},
    onHealthChange: () => {},
    signal: neverAborted,
  };
  return { database, leaseMs, ...quiet, ...(now && { now }) };
}

export type OpenedLedger = {
  readonly ledger: Ledger;
  readonly path: string;
  readonly database: Database;
  /** `onRead` is called whenever the ledger reads the clock. A write reads it once for each attempt. */
  readonly clock: { now: number; onRead: () => void };
  /** SQLite: another connection to the same file. */
  raw(): DatabaseSync;
  /** Runs a statement directly in the database. */
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
  /** PostgreSQL: another process that shares the ledger. */
  replica(): Promise<Ledger>;
  /** The events that the ledger did not take for the bot's. */
  readonly forged: readonly { request: string; sequence: number }[];
  /** Closes it, and opens the same file again. */
  reopen(options?: Partial<LedgerOptions>): Promise<Ledger>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A new ledger with a fake clock. */
export async function newLedger(
  engine: EngineName = 'sqlite',
  { path = newLedgerPath(), ...options }: Partial<LedgerOptions> & { path?: string } = {},
): Promise<OpenedLedger> {
  const clock = { now: noon, onRead: () => {} };
  const now = () => {
    clock.onRead();
    return clock.now;
  };
  const database: Database =
    options.database ??
    (engine === 'sqlite' ? { kind: 'sqlite', path } : { kind: 'postgres', url: await newDatabase() });
  const forged: { request: string; sequence: number }[] = [];
  const open = (others: Partial<LedgerOptions> = {}) =>
    openLedger({ ...ledgerOptions(database, now), onForged: (event) => forged.push(event), ...options, ...others });
  await using resources = new AsyncDisposableStack();
  let ledger = await open();
  resources.defer(() => ledger.close());
  const kept = resources.move();
  return {
    get ledger() {
      return ledger;
    },
    path,
    database,
    clock,
    raw() {
      return kept.adopt(new DatabaseSync(path, { timeout: 0 }), (other) => {
        if (other.isOpen) other.close();
      });
    },
    async query(sql) {
      if (database.kind === 'postgres')
        return (await onServer(`${database.url}?options=-c%20search_path%3Dcampaign_wf`, sql)).rows;
      const other = new DatabaseSync(database.path, { timeout: 0, enableForeignKeyConstraints: false });
      try {
        return other.prepare(sql).all() as Record<string, unknown>[];
      } finally {
        other.close();
      }
    },
    async replica() {
      return kept.adopt(await open(), (other) => other.close());
    },
    forged,
    async reopen(others) {
      await ledger.close();
      ledger = await open(others);
      return ledger;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
export function submission(
  id: string,
  order: Partial<Order> = {},
  rest: Parameters<typeof requestedBy>[1] = {},
): Submission {
  return { id, requested: requestedBy(orderOf(order), { interaction: `typed-${id}`, ...rest }) };
}

/** Records a request with this order and these events. */
export async function storeRequest(
  ledger: Ledger,
  { id, requested }: Submission,
  ...events: readonly Event[]
): Promise<Request> {
  const { request } = await ledger.submit({ id, requested }, neverAborted);
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
  if (after === null) throw new Error(`"${events[0]?.type}" is not allowed for ${id}`);
  return after;
}
