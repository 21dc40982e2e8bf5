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
  /** This event does not follow from those before it: it, or one before it, was changed, removed or added. */
  | { readonly kind: 'broken'; readonly sequence: number }
  /** Events at the end were removed or added. */
  | { readonly kind: 'other_end' }
  /** All its events were removed. */
  | { readonly kind: 'no_events' }
  /** Nothing but its events is left, or all of them were added. */
  | { readonly kind: 'no_request' }
  /** Somebody asked for it, and there is no trace of it. */
  | { readonly kind: 'unknown' }
  /** The chain is whole, but tells what cannot happen. */
  | { readonly kind: 'impossible' }
  /** The index says something else than the events. */
  | { readonly kind: 'other_index' };

/** One request, its chain held against itself, against its index row and against what can happen. */
export type VerifiedRequest = {
  readonly request: string;
  readonly events: readonly RecordedEvent[];
  readonly problem: IntegrityProblem | null;
};

/** How many requests are read at a time. */
const pageSize = 200;

/** Verifies one request, or all of them in the order of their ids. Whatever else goes on in the ledger goes on. */
export async function* verify(engine: Engine, only: string | null): AsyncGenerator<VerifiedRequest> {
  if (only !== null) {
    yield* await inOneView(engine, (tx) => page(tx, [only]));
    return;
  }
  for (let after = ''; ; ) {
    const verified = await inOneView(engine, async (tx) => page(tx, await idsAfter(tx, after)));
    yield* verified;
    const last = verified.at(-1);
    if (last === undefined) return;
    after = last.request;
  }
}

/** Rows and events as they were at one moment. */
function inOneView<T>({ db, isShared }: Engine, read: (tx: Transaction<Schema>) => Promise<T>): Promise<T> {
  const transaction = db.transaction();
  return (isShared ? transaction.setIsolationLevel('repeatable read') : transaction).execute(read);
}

/** Whoever has events counts, also without a row. */
async function idsAfter(db: Kysely<Schema>, after: string): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (
      select id from (select id from requests where id > ${after} order by id limit ${pageSize}) as indexed
      union
      select id from (
        select distinct request as id from events where request > ${after} order by request limit ${pageSize}
      ) as told
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
  const events = rows.map(readable);
  const unreadable = events.indexOf(null);
  const known = events.filter((event) => event !== null);
  const problem = unreadable >= 0 ? ({ kind: 'broken', sequence: unreadable + 1 } as const) : problemIn(row, known);
  return { request, events: known, problem: problem };
}

/** Null where somebody put something in that is no event. */
function readable(row: EventRow): RecordedEvent | null {
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
