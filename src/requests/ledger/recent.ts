import { type Kysely, sql } from 'kysely';
import type { Request } from '../request.ts';
import type { Place, RecentQuery } from './ledger.ts';
import { loadAll, type Reader } from './load.ts';
import { atMost } from './queries.ts';
import type { Schema } from './tables.ts';

/** The newest requests of a channel, or those of one workflow, organization or person in it. */
export async function recent(reader: Reader, query: RecentQuery): Promise<readonly Request[]> {
  const requested = await requestedIn(reader.db, query);
  const confirmed = await confirmedIn(reader.db, query);
  return loadAll(reader, [...requested, ...confirmed].toSorted(newestFirst).slice(0, query.limit));
}

/** The order of a history: by time, then by ID. */
export function newestFirst(a: Place, b: Place): number {
  if (a.requestedAt !== b.requestedAt) return b.requestedAt - a.requestedAt;
  if (a.id === b.id) return 0;
  return a.id < b.id ? 1 : -1;
}

function requestedIn(
  db: Kysely<Schema>,
  { channel, workflowKey, organization, person, refused, limit, after }: RecentQuery,
): Promise<readonly Place[]> {
  return (
    db
      .selectFrom('requests')
      .select(['id', 'requested_at as requestedAt'])
      .where('channel', '=', channel)
      // A literal, as in the definition of the indexes: with a parameter SQLite would not use them.
      .where('state', refused ? '=' : '<>', sql.lit('refused'))
      .where(isNoBatch)
      .$if(workflowKey !== null, (query) => query.where('workflow_key', '=', workflowKey))
      .$if(organization !== undefined, (query) => query.where('organization', '=', organization ?? ''))
      .$if(person !== undefined, (query) => query.where('requester', '=', person ?? ''))
      .$if(after !== undefined, (query) => query.where(isBehind('id', after)))
      .orderBy('requested_at', 'desc')
      .orderBy('id', 'desc')
      .limit(atMost(limit))
      .execute()
  );
}

/** A history has the items of a batch. Only the batch has several workflows in its key. */
const isNoBatch = sql<boolean>`workflow_key not like '%,%'`;

/** What the person has confirmed. */
async function confirmedIn(
  db: Kysely<Schema>,
  { channel, person, refused, limit, after }: RecentQuery,
): Promise<readonly Place[]> {
  if (person === undefined || refused) return [];
  return db
    .selectFrom('confirmations')
    .select(['request as id', 'requested_at as requestedAt'])
    .where('channel', '=', channel)
    .where('person', '=', person)
    .$if(after !== undefined, (query) => query.where(isBehind('request', after)))
    .orderBy('requested_at', 'desc')
    .orderBy('request', 'desc')
    .limit(atMost(limit))
    .execute();
}

function isBehind(column: 'id' | 'request', { requestedAt = 0, id = '' }: Partial<Place> = {}) {
  return sql<boolean>`(requested_at, ${sql.ref(column)}) < (${requestedAt}, ${id})`;
}
