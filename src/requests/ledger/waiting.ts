import type { Kysely } from 'kysely';
import type { Waiting } from './ledger.ts';
import type { Schema } from './schema.ts';

/** Looks at what is due, which is little however long the history is, and from there at single events. */
export async function waiting(db: Kysely<Schema>): Promise<Waiting> {
  const rows = await db
    .selectFrom('tasks')
    .where('task', '=', 'report')
    .where('attempts', '>', 0)
    .select((eb) =>
      eb
        .selectFrom('events')
        .whereRef('events.request', '=', 'tasks.request')
        .where('type', 'in', ['ended', 'reconciled'])
        .select('at')
        .limit(1)
        .as('since'),
    )
    .execute();
  const times = rows.flatMap(({ since }) => (since === null ? [] : [since]));
  return { outcomes: rows.length, since: times.length === 0 ? null : Math.min(...times) };
}
