import type { Kysely } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { Recorded } from '../events.ts';
import type { Request } from '../request.ts';
import { follow, retell } from '../retell.ts';
import type { EventRow, Schema } from './schema.ts';

type Reader = Pick<Kysely<Schema>, 'selectFrom'>;

/** Requests as they were loaded last. Only a hint: each is held against the ledger before it is used. */
export type LoadedBefore = LRUCache<string, Request>;

/** How many requests are kept: more than are open or shown at once. */
const mostKept = 1_000;

export function loadedBefore(): LoadedBefore {
  return new LRUCache({ max: mostKept });
}

/** What was loaded before is followed by what has happened since, so that a long request costs no more than a short one. */
export async function load(db: Reader, id: string, before: LoadedBefore): Promise<Request | null> {
  const request = (await followed(db, before.get(id))) ?? (await loadWhole(db, id));
  if (request !== null) before.set(id, request);
  return request;
}

/** Null where the ledger does not have the last event of it: a transaction that wrote that one was taken back. */
async function followed(db: Reader, before: Request | undefined): Promise<Request | null> {
  if (before === undefined) return null;
  const [last, ...since] = await eventsOf(db, before.id).where('sequence', '>=', before.sequence).execute();
  if (last?.digest !== before.lastDigest) return null;
  return since.map(asRecorded).reduce(follow, before);
}

async function loadWhole(db: Reader, id: string): Promise<Request | null> {
  const events = await loadEvents(db, id);
  return events.length === 0 ? null : retell(events);
}

/** One after the other: a connection to PostgreSQL takes one question at a time. */
export async function loadAll(
  db: Reader,
  rows: readonly { id: string }[],
  before: LoadedBefore,
): Promise<readonly Request[]> {
  const requests: Request[] = [];
  for (const { id } of rows) {
    const request = await load(db, id, before);
    if (request !== null) requests.push(request);
  }
  return requests;
}

export async function loadEvents(db: Reader, id: string): Promise<readonly Recorded[]> {
  const rows = await eventsOf(db, id).execute();
  return rows.map(asRecorded);
}

function eventsOf(db: Reader, id: string) {
  return db.selectFrom('events').selectAll().where('request', '=', id).orderBy('sequence');
}

/** The data column holds what was put there: the database refuses changes, and the digests show them. */
export function asRecorded({ previous_digest, data, ...row }: EventRow): Recorded {
  return { ...row, data: JSON.parse(data), previousDigest: previous_digest } as Recorded;
}
