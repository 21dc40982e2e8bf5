import { type Kysely, sql, type Transaction } from 'kysely';
import { limits } from '../retry-policy.ts';
import type { RateLimit } from './ledger.ts';
import type { Schema } from './tables.ts';

/** Slack limited a channel: nothing else is posted there before it wants us back, and then one message after the other. */
export async function limitChannel(
  tx: Transaction<Schema>,
  { channel, retryAfterMs, kind }: RateLimit,
  now: number,
): Promise<void> {
  const until = now + Math.min(Math.max(retryAfterMs, limits.pacing.betweenPostsMs), limits.slackRetryAfter.mostMs);
  const later = (column: 'free_at' | 'edits_free_at') =>
    sql<number>`case when excluded.${sql.ref(column)} > pacing.${sql.ref(column)}
      then excluded.${sql.ref(column)} else pacing.${sql.ref(column)} end`;
  await tx
    .insertInto('pacing')
    .values({
      channel,
      free_at: kind === 'posts' ? until : 0,
      edits_free_at: kind === 'edits' ? until : 0,
      paced_until: until + limits.pacing.pacedMs,
    })
    .onConflict((conflict) =>
      conflict.column('channel').doUpdateSet({
        free_at: later('free_at'),
        edits_free_at: later('edits_free_at'),
        paced_until: until + limits.pacing.pacedMs,
      }),
    )
    .execute();
}

/** A post to a paced channel is about to be made: the next one waits for its turn. */
export async function takeSlot(tx: Transaction<Schema>, channel: string, now: number): Promise<void> {
  await tx
    .updateTable('pacing')
    .set({ free_at: now + limits.pacing.betweenPostsMs })
    .where('channel', '=', channel)
    .execute();
}

/** Whether posts in that channel take turns now. */
export async function isPaced(db: Kysely<Schema>, channel: string, now: number): Promise<boolean> {
  const row = await db
    .selectFrom('pacing')
    .select('channel')
    .where('channel', '=', channel)
    .where('paced_until', '>', now)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether a task of `tasks` has to wait for its channel's turn. What is too late to be posted waits for nothing. */
export function waitsForSlot(now: number) {
  return sql<boolean>`(exists (select 1 from pacing where pacing.channel = tasks.channel and paced_until > ${now})
    and (post_by is null or post_by >= ${now}))`;
}

/** Whether it is the turn of such a task. */
export function isSlotFree(now: number) {
  return sql<boolean>`pacing.paced_until > ${now} and pacing.free_at <= ${now}
    and (tasks.post_by is null or tasks.post_by >= ${now})
    and (tasks.task <> 'show' or pacing.edits_free_at <= ${now})`;
}

/** When the next task that nobody is at may begin, by its own time and by its channel's. */
export async function nextFreeAt(db: Kysely<Schema>, of: readonly string[], now: number): Promise<number | null> {
  const { rows } = await sql<{ at: number | null }>`
    select min(case
      when post_by < free_at and post_by >= due_at then post_by + 1
      when free_at > due_at and (task <> 'show' or free_at > edits_free_at) then free_at
      when task = 'show' and edits_free_at > due_at then edits_free_at
      else due_at end) as at
    from tasks left join pacing on pacing.channel = tasks.channel and paced_until > ${now}
      and (post_by is null or post_by >= ${now})
    where lane in (${sql.join(of)}) and lease_owner is null`.execute(db);
  return rows[0]?.at ?? null;
}
