import type { Kysely } from 'kysely';
import type { Recorded } from '../events.ts';
import type { Request } from '../request.ts';
import { retell } from '../retell.ts';
import type { EventRow, Schema } from './schema.ts';

type Reader = Pick<Kysely<Schema>, 'selectFrom'>;

export async function load(db: Reader, id: string): Promise<Request | null> {
  const events = await loadEvents(db, id);
  return events.length === 0 ? null : retell(events);
}

/** One after the other: a connection to PostgreSQL takes one question at a time. */
export async function loadAll(db: Reader, rows: readonly { id: string }[]): Promise<readonly Request[]> {
  const requests: Request[] = [];
  for (const { id } of rows) {
    const request = await load(db, id);
    if (request !== null) requests.push(request);
  }
  return requests;
}

export async function loadEvents(db: Reader, id: string): Promise<readonly Recorded[]> {
  const rows = await db.selectFrom('events').selectAll().where('request', '=', id).orderBy('sequence').execute();
  return rows.map(asRecorded);
}

/** The data column holds what was put there: the database refuses changes, and the digests show them. */
export function asRecorded({ previous_digest, data, ...row }: EventRow): Recorded {
  return { ...row, data: JSON.parse(data), previousDigest: previous_digest } as Recorded;
}
