import { type Kysely, sql } from 'kysely';
import type { Request } from '../request.ts';
import type { RecentQuery } from './ledger.ts';
import { type RequestCache, loadAll } from './reading.ts';
import type { Schema } from './schema.ts';

/** From one channel to the next by the index, however many requests each has. */
export async function channels(db: Kysely<Schema>): Promise<readonly string[]> {
  const found: string[] = [];
  for (let last = ''; ; ) {
    const next = await db
      .selectFrom('requests')
      .select('channel')
      .where('state', '<>', sql.lit('refused'))
      .where('channel', '>', last)
      .orderBy('channel')
      .limit(1)
      .executeTakeFirst();
    if (next === undefined) return found;
    last = next.channel;
    found.push(last);
  }
}

/** The newest requests of a channel, or of one workflow in it. */
export async function recent(
  db: Kysely<Schema>,
  { channel, workflowKey, refused, limit, after }: RecentQuery,
  before: RequestCache,
): Promise<readonly Request[]> {
  const rows = await db
    .selectFrom('requests')
    .select('id')
    .where('channel', '=', channel)
    // Said as the indexes say it: a parameter would keep SQLite from using them.
    .where('state', refused ? '=' : '<>', sql.lit('refused'))
    .$if(workflowKey !== null, (query) => query.where('workflow_key', '=', workflowKey))
    .$if(after !== undefined, (query) =>
      query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('requested_at', 'id'), '<', tuple(after?.requestedAt ?? 0, after?.id ?? '')),
      ),
    )
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return loadAll(db, rows, before);
}
