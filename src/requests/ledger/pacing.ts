import { type Expression, type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { type Lane, type Posting, updates } from '../priority.ts';
import { limits } from '../retry-policy.ts';
import type { RateLimit } from './ledger.ts';
import { statement } from './statement.ts';
import type { Schema } from './tables.ts';

/** Applies a rate limit: nothing is posted in the channel before `Retry-After` has passed, and then the posts are paced. */
export async function limitChannel(
  tx: Transaction<Schema>,
  { channel, retryAfterMs }: RateLimit,
  now: number,
): Promise<void> {
  const until = now + Math.min(Math.max(retryAfterMs, betweenMs(channel)), limits.slackRetryAfter.mostMs);
  await tx
    .insertInto('pacing')
    .values({ channel, free_at: until, edits_free_at: 0, paced_until: until + limits.pacing.pacedMs })
    .onConflict((conflict) =>
      conflict.column('channel').doUpdateSet({
        free_at: sql`case when excluded.free_at > pacing.free_at then excluded.free_at else pacing.free_at end`,
        paced_until: until + limits.pacing.pacedMs,
      }),
    )
    .execute();
}

const reserveSlot = statement((db, parameter) =>
  db
    .updateTable('pacing')
    .set({
      free_at: parameter('freeAt'),
      paced_until: sql`case when exists (
        select 1 from tasks
        where tasks.channel = pacing.channel and due_at <= ${parameter('now')} and lease_owner is null
      ) then ${parameter('pacedUntil')} else paced_until end`,
    })
    .where('channel', '=', parameter('channel'))
    .compile(),
);

/** Reserves the current slot of a paced channel for one post. The channel stays paced while others wait for the next slot. */
export async function takeSlot(tx: Transaction<Schema>, channel: string, now: number): Promise<void> {
  const pacedUntil = now + limits.pacing.pacedMs;
  await reserveSlot(tx, null, { channel, now, freeAt: now + betweenMs(channel), pacedUntil });
}

function betweenMs(channel: string): number {
  const { betweenPostsMs, betweenUpdatesMs } = limits.pacing;
  return channel === updates ? betweenUpdatesMs : betweenPostsMs;
}

const pacedNow = statement((db, parameter) =>
  db
    .selectFrom('pacing')
    .select('channel')
    .where('channel', '=', parameter('channel'))
    .where('paced_until', '>', parameter('now'))
    .compile(),
);

/** Whether posts in that channel are paced now. */
export async function isPaced(db: Kysely<Schema>, channel: string, now: number): Promise<boolean> {
  const { rows } = await pacedNow(db, null, { channel, now });
  return rows.length > 0;
}

/** SQL: whether a task has to wait for a slot of its channel. A task that is too late to post does not wait. */
export function waitsForSlot(now: Expression<number>) {
  return sql<boolean>`(exists (select 1 from pacing where pacing.channel = tasks.channel and paced_until > ${now})
    and (post_by is null or post_by >= ${now}))`;
}

/** SQL: the same for a task that posts there. */
export function waitsForSlotOf(
  { channel, post_by }: Readonly<Record<keyof Posting, Expression<unknown>>>,
  now: Expression<number>,
) {
  return sql<boolean>`(exists (select 1 from pacing where pacing.channel = ${channel} and paced_until > ${now})
    and (cast(${post_by} as bigint) is null or cast(${post_by} as bigint) >= ${now}))`;
}

/** SQL: whether such a task can take a slot now. */
export function isSlotFree(now: Expression<number>) {
  return sql<boolean>`pacing.paced_until > ${now} and pacing.free_at <= ${now}
    and (tasks.post_by is null or tasks.post_by >= ${now})`;
}

const nextStarts = statement<{ readonly at: number | null }, readonly Lane[]>((db, parameter, lanes) => {
  const now = parameter('now');
  const starts = lanes.map((lane) => firstUnpaced(lane, now));
  const posting = lanes.filter((lane) => lane !== 'updates');
  if (posting.length > 0) starts.push(firstPaced(posting, now));
  if (lanes.includes('updates')) starts.push(nextSlotForUpdate(now));
  return sql<{ readonly at: number | null }>`${sql.join(starts, sql` union all `)}`.compile(db);
});

/**
 * When the next unclaimed task can start, considering its own time and the slots of its channel. Reads the first task of
 * each lane in the index; only posts in paced channels are read one by one.
 */
export async function nextStartAt(db: Kysely<Schema>, of: readonly Lane[], now: number): Promise<number | null> {
  const { rows } = await nextStarts(db, of, { now });
  const times = rows.flatMap(({ at }) => (at === null ? [] : [at]));
  return times.length === 0 ? null : Math.min(...times);
}

/** The lane is a literal, so that PostgreSQL knows how many tasks it has. */
function firstUnpaced(lane: Lane, now: Expression<number>): RawBuilder<unknown> {
  return sql`select due_at as at from (
    select due_at from ${unpacedTasks(lane, now)} and lease_owner is null
    order by due_at limit ${sql.lit(1)}) as ${sql.raw(lane)}`;
}

/**
 * SQL, behind `from`: the tasks of a lane that need no slot. Of updates, nothing is read while they are paced: thousands can
 * wait then, and whether they do is the same for all.
 */
export function unpacedTasks(lane: Lane, now: Expression<number>) {
  if (lane !== 'updates') return sql`tasks where lane = ${sql.lit(lane)} and not ${waitsForSlot(now)}`;
  return sql`(select 1 as one where not exists (
      select 1 from pacing where channel = ${sql.lit(updates)} and paced_until > ${now})) as unpaced
    cross join tasks where lane = 'updates'`;
}

/** SQL: a row while updates are paced. */
export function pacedUpdates(now: Expression<number>) {
  return sql`(select channel, free_at from pacing where channel = ${sql.lit(updates)} and paced_until > ${now}) as paced`;
}

/** When the next update can take a slot. Which of them does is known only then. */
function nextSlotForUpdate(now: Expression<number>): RawBuilder<unknown> {
  return sql`select case when free_at > due_at then free_at else due_at end as at from (
    select free_at, due_at from ${pacedUpdates(now)} cross join tasks
    where lane = 'updates' and lease_owner is null order by due_at limit ${sql.lit(1)}) as next_update`;
}

/** A `cross join` makes SQLite begin with the paced channels, which are few. */
function firstPaced(lanes: readonly Lane[], now: Expression<number>): RawBuilder<unknown> {
  return sql`select min(case
      when post_by < free_at and post_by >= due_at then post_by + 1
      when free_at > due_at then free_at
      else due_at end) as at
    from pacing cross join tasks
    where tasks.channel = pacing.channel and paced_until > ${now} and (post_by is null or post_by >= ${now})
      and lane in (${sql.join(lanes.map(sql.lit))}) and lease_owner is null`;
}
