import { sql, type Transaction } from 'kysely';
import { isOutcome } from '../outcome.ts';
import type { Request } from '../request.ts';
import type { Engine } from './engine.ts';
import { load } from './load.ts';
import type { Schema } from './tables.ts';

/** A burst has ended when nothing was announced to the same people for so long, */
const pauseMs = 60_000;

/** and however long it lasts, they are notified again after so much time. */
const longestBurstMs = 300_000;

/**
 * Whose announcement has notified the approvers of a request within the same burst: announcements of one requester, in
 * one channel, to the same people. Null where this request's own announcement is to do it.
 */
export async function notifiedBy(tx: Transaction<Schema>, engine: Engine, request: Request): Promise<string | null> {
  const now = await engine.now(tx);
  const key = keyOf(request);
  const holder = await join(tx, key, request.id, now);
  if (holder === request.id) return null;
  const first = await load(tx, holder, engine.requestCache);
  // It ended before it was posted, so it has notified nobody.
  if (first !== null && !(first.announcement.ts === null && isOutcome(first.state))) return holder;
  await tx.updateTable('notified').set({ request: request.id, since: now }).where('burst', '=', key).execute();
  return null;
}

/** Another person's request is never in the burst: nobody's flood keeps the approvers from hearing of somebody else. */
function keyOf({ channel, requester, grant }: Request): string {
  const { users, groups } = grant?.asked ?? grant?.approvers ?? { users: [], groups: [] };
  return JSON.stringify([channel, requester, users.toSorted(), groups.toSorted()]);
}

/** Joins the burst, or begins a new one; gives the request that began it. */
async function join(tx: Transaction<Schema>, burst: string, request: string, now: number): Promise<string> {
  const isOver = sql<boolean>`(notified.last_at < ${now - pauseMs} or notified.since < ${now - longestBurstMs})`;
  const { request: holder } = await tx
    .insertInto('notified')
    .values({ burst, request, since: now, last_at: now })
    .onConflict((conflict) =>
      conflict.column('burst').doUpdateSet({
        request: sql`case when ${isOver} then excluded.request else notified.request end`,
        since: sql`case when ${isOver} then excluded.since else notified.since end`,
        last_at: sql`excluded.last_at`,
      }),
    )
    .returning('request')
    .executeTakeFirstOrThrow();
  return holder;
}
