import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { RecordedEvent } from '../events.ts';
import { eventColumns, recordedEvent, type Schema } from './tables.ts';
import { withTexts } from './with-texts.ts';

/** From and before these times, in milliseconds since the epoch. */
export type Period = { readonly from: number; readonly to: number };

/** A request's events in order, with what is kept beside them. */
export type StoredRequest = { readonly id: string; readonly events: readonly RecordedEvent[] };

/** How many IDs are read at a time. */
const idsPerPage = 1_000;

/** How many requests are read at a time, with their events. With more, what is read outlives a collection of young garbage. */
const requestsPerPage = 20;

/**
 * The requests of a period in the order of their time, a few at a time. Each page is a short read of its own, so that it
 * neither blocks other users of the ledger nor keeps SQLite's log from being emptied. Time and ID of a request never
 * change, so none is left out or read twice; a request that goes on meanwhile is as it was when its page was read.
 */
export async function* requestsOf(db: Kysely<Schema>, { from, to }: Period): AsyncGenerator<readonly StoredRequest[]> {
  let last = { id: '', requested_at: from };
  for (;;) {
    const page = await idsAfter(db, last, to);
    for (let start = 0; start < page.length; start += requestsPerPage) {
      const ids = page.slice(start, start + requestsPerPage).map(({ id }) => id);
      yield await storedRequests(db, ids);
    }
    const next = page.at(-1);
    if (next === undefined || page.length < idsPerPage) return;
    last = next;
  }
}

function idsAfter(db: Kysely<Schema>, last: { id: string; requested_at: number }, to: number) {
  return db
    .selectFrom('requests')
    .select(['id', 'requested_at'])
    .where(sql<boolean>`(requested_at, id) > (${last.requested_at}, ${last.id})`)
    .where('requested_at', '<', to)
    .orderBy('requested_at')
    .orderBy('id')
    .limit(idsPerPage)
    .execute();
}

/** With no events where the ledger does not have the request. */
export async function storedRequests(db: Kysely<Schema>, ids: readonly string[]): Promise<readonly StoredRequest[]> {
  const rows = await db
    .selectFrom('events')
    .select(eventColumns)
    .where('request', 'in', ids)
    .orderBy('request')
    .orderBy('sequence')
    .execute();
  const texts = await db.selectFrom('texts').selectAll().where('request', 'in', ids).execute();
  const eventsOf = Map.groupBy(rows, ({ request }) => request);
  const textsOf = Map.groupBy(texts, ({ request }) => request);
  return ids.map((id) => ({
    id,
    events: withTexts((eventsOf.get(id) ?? []).map(recordedEvent), textsOf.get(id) ?? []),
  }));
}
