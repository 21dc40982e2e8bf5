import type { Kysely } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { RecordedEvent } from '../events.ts';
import { applyEvent, replay } from '../replay.ts';
import type { Request } from '../request.ts';
import type { EventRow, Schema } from './tables.ts';

type Reader = Pick<Kysely<Schema>, 'selectFrom'>;

/** Requests as they were loaded last. Only a hint: each is held against the ledger before it is used. */
export type RequestCache = LRUCache<string, Request>;

/** How many requests are kept: more than are open or shown at once. */
const mostKept = 1_000;

export function createRequestCache(): RequestCache {
  return new LRUCache({ max: mostKept });
}

/** What was loaded before is followed by what has happened since, so that a long request costs no more than a short one. */
export async function load(db: Reader, id: string, before: RequestCache): Promise<Request | null> {
  const request = (await loadNewer(db, before.get(id))) ?? (await loadWhole(db, id));
  if (request !== null) before.set(id, request);
  return request;
}

/** Null where the ledger does not have the last event of it: a transaction that wrote that one was taken back. */
async function loadNewer(db: Reader, before: Request | undefined): Promise<Request | null> {
  if (before === undefined) return null;
  const [last, ...since] = await eventsOf(db, before.id).where('sequence', '>=', before.sequence).execute();
  if (last?.digest !== before.lastDigest) return null;
  return since.map(recordedEvent).reduce(applyEvent, before);
}

async function loadWhole(db: Reader, id: string): Promise<Request | null> {
  const events = await loadEvents(db, id);
  return events.length === 0 ? null : replay(events);
}

/** One after the other: a connection to PostgreSQL takes one question at a time. */
export async function loadAll(
  db: Reader,
  rows: readonly { id: string }[],
  before: RequestCache,
): Promise<readonly Request[]> {
  const requests: Request[] = [];
  for (const { id } of rows) {
    const request = await load(db, id, before);
    if (request !== null) requests.push(request);
  }
  return requests;
}

export async function loadEvents(db: Reader, id: string): Promise<readonly RecordedEvent[]> {
  const rows = await eventsOf(db, id).execute();
  return rows.map(recordedEvent);
}

function eventsOf(db: Reader, id: string) {
  return db.selectFrom('events').selectAll().where('request', '=', id).orderBy('sequence');
}

/** The data column holds what was put there: the database refuses changes, and the digests show them. */
export function recordedEvent({ previous_digest, data, ...row }: EventRow): RecordedEvent {
  return { ...row, data: JSON.parse(data), previousDigest: previous_digest } as RecordedEvent;
}
