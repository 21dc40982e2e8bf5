import type { Kysely } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { RecordedEvent } from '../events.ts';
import { applyEvent, replay } from '../replay.ts';
import type { Request } from '../request.ts';
import type { EventRow, Schema } from './tables.ts';

type Reader = Pick<Kysely<Schema>, 'selectFrom'>;

/** Requests as they were loaded last. Each is checked against the ledger before it is used. */
export type RequestCache = LRUCache<string, Request>;

/** How many requests are cached: more than are open or shown at once. */
const mostCached = 1_000;

export function createRequestCache(): RequestCache {
  return new LRUCache({ max: mostCached });
}

/** Applies only the events since the cached state, so that a request with many events costs no more than a short one. */
export async function load(db: Reader, id: string, cache: RequestCache): Promise<Request | null> {
  const request = (await loadNewer(db, cache.get(id))) ?? (await loadWhole(db, id));
  if (request !== null) cache.set(id, request);
  return request;
}

/** Null if the ledger does not have the last event of the cached state, because its transaction was rolled back. */
async function loadNewer(db: Reader, cached: Request | undefined): Promise<Request | null> {
  if (cached === undefined) return null;
  const [last, ...since] = await eventsOf(db, cached.id).where('sequence', '>=', cached.sequence).execute();
  if (last?.digest !== cached.lastDigest) return null;
  return since.map(recordedEvent).reduce(applyEvent, cached);
}

async function loadWhole(db: Reader, id: string): Promise<Request | null> {
  const events = await loadEvents(db, id);
  return events.length === 0 ? null : replay(events);
}

/** Loads one request after the other: a connection to PostgreSQL executes one query at a time. */
export async function loadAll(
  db: Reader,
  rows: readonly { id: string }[],
  cache: RequestCache,
): Promise<readonly Request[]> {
  const requests: Request[] = [];
  for (const { id } of rows) {
    const request = await load(db, id, cache);
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

/** The data is not validated: the database refuses changes, and the digests reveal them. */
export function recordedEvent({ previous_digest, data, ...row }: EventRow): RecordedEvent {
  return { ...row, data: JSON.parse(data), previousDigest: previous_digest } as RecordedEvent;
}
