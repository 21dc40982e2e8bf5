import { sql, type Transaction } from 'kysely';
import { isOutcome } from '../outcome.ts';
import type { Request } from '../request.ts';
import { load, type Writer } from './load.ts';
import { statement } from './statement.ts';
import type { Schema } from './tables.ts';

/** A burst ends when nothing was announced to the same people for this time. */
const pauseMs = 60_000;

/** In a longer burst, the people are notified again after this time. */
const longestBurstMs = 300_000;

/**
 * The request whose announcement has notified the approvers in the same burst. A burst is the announcements of one
 * requester, in one channel, to the same people. Null if this request's own announcement has to notify them.
 */
export async function notifiedBy(writer: Writer, request: Request): Promise<string | null> {
  const { db: tx } = writer;
  const now = await writer.now();
  const key = burstKey(request);
  const holder = await join(tx, key, request.id, now);
  if (holder === request.id) return null;
  const first = await load(writer, holder);
  // A request that ended before its announcement was posted has notified nobody.
  if (first !== null && !(first.announcement.ts === null && isOutcome(first.state))) return holder;
  await tx.updateTable('notified').set({ request: request.id, since: now }).where('burst', '=', key).execute();
  return null;
}

/** The key contains the requester, so that a flood of requests of one person does not suppress notifications for others. */
function burstKey({ channel, requester, grant }: Request): string {
  const { users, groups } = grant?.asked ?? grant?.approvers ?? { users: [], groups: [] };
  return JSON.stringify([channel, requester, users.toSorted(), groups.toSorted()]);
}

const joinBurst = statement((db, parameter) => {
  const isOver = sql<boolean>`(notified.last_at < ${parameter('pausedSince')} or notified.since < ${parameter('longSince')})`;
  return db
    .insertInto('notified')
    .values({
      burst: parameter('burst'),
      request: parameter('request'),
      since: parameter('now'),
      last_at: parameter('now'),
    })
    .onConflict((conflict) =>
      conflict.column('burst').doUpdateSet({
        request: sql`case when ${isOver} then excluded.request else notified.request end`,
        since: sql`case when ${isOver} then excluded.since else notified.since end`,
        last_at: sql`excluded.last_at`,
      }),
    )
    .returning('request')
    .compile();
});

/** Joins the burst or starts a new one. Returns the request that started it. */
async function join(tx: Transaction<Schema>, burst: string, request: string, now: number): Promise<string> {
  const since = { pausedSince: now - pauseMs, longSince: now - longestBurstMs };
  const { rows } = await joinBurst(tx, null, { burst, request, now, ...since });
  const [row] = rows;
  if (row === undefined) throw new Error('a burst has no request');
  return row.request;
}
