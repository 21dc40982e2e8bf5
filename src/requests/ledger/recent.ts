import { type Kysely, sql } from 'kysely';
import type { Request } from '../request.ts';
import type { RecentQuery } from './ledger.ts';
import { loadAll } from './reading.ts';
import type { Schema } from './schema.ts';

/** The newest requests of a channel, or of one workflow in it. */
export async function recent(
  db: Kysely<Schema>,
  { channel, workflowKey, refused, limit, after }: RecentQuery,
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
  return loadAll(db, rows);
}
