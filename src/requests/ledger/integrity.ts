import { isDeepStrictEqual } from 'node:util';
import { type Kysely, sql, type Transaction } from 'kysely';
import { firstBroken } from '../digest.ts';
import type { RecordedEvent } from '../events.ts';
import { replay } from '../replay.ts';
import type { Request } from '../request.ts';
import type { Engine } from './engine.ts';
import { recordedEvent } from './load.ts';
import { type EventRow, indexRow, type RequestRow, type Schema } from './tables.ts';

/** What is wrong with one request in the ledger. */
export type IntegrityProblem =
  /** The chain breaks at this event: it, or an earlier one, was changed, removed or added. */
  | { readonly kind: 'broken'; readonly sequence: number }
  /** Events at the end were removed or added. */
  | { readonly kind: 'other_end' }
  /** All its events were removed. */
  | { readonly kind: 'no_events' }
  /** There are events, but no index row: the row was removed, or the events were added. */
  | { readonly kind: 'no_request' }
  /** The given ID has neither events nor an index row. */
  | { readonly kind: 'unknown' }
  /** The chain is intact, but its events cannot be replayed. */
  | { readonly kind: 'impossible' }
  /** The index row does not match the events. */
  | { readonly kind: 'other_index' };

/** The result for one request. Checked are its chain, its index row and whether its events can be replayed. */
export type VerifiedRequest = {
  readonly request: string;
  readonly events: readonly RecordedEvent[];
  readonly problem: IntegrityProblem | null;
};

/** How many requests are read at a time. */
const pageSize = 200;

/** Verifies one request, or all of them in the order of their IDs. Does not block other users of the ledger. */
export async function* verify(engine: Engine, only: string | null): AsyncGenerator<VerifiedRequest> {
  if (only !== null) {
    yield* await inSnapshot(engine, (tx) => page(tx, [only]));
    return;
  }
  for (let after = ''; ; ) {
    const verified = await inSnapshot(engine, async (tx) => page(tx, await idsAfter(tx, after)));
    yield* verified;
    const last = verified.at(-1);
    if (last === undefined) return;
    after = last.request;
  }
}

/** Reads rows and events from one snapshot. */
function inSnapshot<T>({ db, isShared }: Engine, read: (tx: Transaction<Schema>) => Promise<T>): Promise<T> {
  const transaction = db.transaction();
  return (isShared ? transaction.setIsolationLevel('repeatable read') : transaction).execute(read);
}

/** The next IDs, including those that have events but no index row. */
async function idsAfter(db: Kysely<Schema>, after: string): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (
      select id from (select id from requests where id > ${after} order by id limit ${pageSize}) as indexed
      union
      select id from (
        select distinct request as id from events where request > ${after} order by request limit ${pageSize}
      ) as recorded
    ) as either order by id limit ${pageSize}`.execute(db);
  return rows.map(({ id }) => id);
}

async function page(db: Kysely<Schema>, ids: readonly string[]): Promise<readonly VerifiedRequest[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('requests').selectAll().where('id', 'in', ids).execute();
  const events = await db.selectFrom('events').selectAll().where('request', 'in', ids).orderBy('sequence').execute();
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const eventsOf = Map.groupBy(events, ({ request }) => request);
  return ids.map((id) => verified(id, rowOf.get(id), eventsOf.get(id) ?? []));
}

function verified(request: string, row: RequestRow | undefined, rows: readonly EventRow[]): VerifiedRequest {
  const events = rows.map(parseEvent);
  const unreadable = events.indexOf(null);
  const known = events.filter((event) => event !== null);
  const problem = unreadable >= 0 ? ({ kind: 'broken', sequence: unreadable + 1 } as const) : problemIn(row, known);
  return { request, events: known, problem: problem };
}

/** Null if the row does not hold a valid event. */
function parseEvent(row: EventRow): RecordedEvent | null {
  try {
    return recordedEvent(row);
  } catch {
    return null;
  }
}

function problemIn(row: RequestRow | undefined, events: readonly RecordedEvent[]): IntegrityProblem | null {
  if (row === undefined) return { kind: events.length === 0 ? 'unknown' : 'no_request' };
  if (events.length === 0) return { kind: 'no_events' };
  const sequence = firstBroken(events);
  if (sequence !== null) return { kind: 'broken', sequence };
  const last = events.at(-1);
  if (last?.sequence !== row.head_sequence || last.digest !== row.head_digest) return { kind: 'other_end' };
  const request = replayed(events);
  if (request === null) return { kind: 'impossible' };
  return isDeepStrictEqual({ ...row }, indexRow(request)) ? null : { kind: 'other_index' };
}

function replayed(events: readonly RecordedEvent[]): Request | null {
  try {
    return replay(events);
  } catch {
    return null;
  }
}
