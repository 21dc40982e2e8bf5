import type { Kysely } from 'kysely';
import type { Writer } from '../load.ts';
import type { LogPostRow, Schema } from '../tables.ts';
import type { Checkpoint, LogIdentity } from './checkpoints.ts';
import { isOwnCheckpoint } from './own-checkpoint.ts';

/**
 * The checkpoint of a day, which this process may post now. `before`: the channel in which an earlier try may have posted it;
 * null: it is certainly not posted.
 */
export type ClaimedPost = Readonly<Pick<LogPostRow, 'day' | 'at' | 'size' | 'root' | 'note' | 'channel'>> & {
  readonly before: string | null;
};

/** How a try to post it ended. `in_doubt`: it may have been posted. `retryAt` in milliseconds since the epoch. */
export type PostTry =
  | { readonly kind: 'posted'; readonly ts: string }
  | { readonly kind: 'not_posted' | 'in_doubt'; readonly problem: string; readonly retryAt: number };

/** `newest`: the newest checkpoint that this process knows. What stands in the database is posted only if it is the bot's. */
type KnownLog = { readonly identity: LogIdentity; readonly newest: Checkpoint };

/**
 * Claims the checkpoint of today (UTC) for this channel, until the lease ends. Null: it is posted, or somebody is about to,
 * or nothing has happened since the last one.
 */
export async function claimLogPost(
  writer: Writer,
  log: KnownLog,
  channel: string,
  leaseMs: number,
): Promise<ClaimedPost | null> {
  const { db: tx } = writer;
  const at = await writer.now();
  const day = new Date(at).toISOString().slice(0, 10);
  const lease = { channel, lease_until: at + leaseMs, may_be_posted: 1 };
  const today = await tx.selectFrom('log_posts').selectAll().where('day', '=', day).executeTakeFirst();
  const claimed =
    today === undefined ? await firstOf(tx, { ...lease, day, at }, log) : await nextTry(tx, today, { lease, at }, log);
  if (claimed !== null) writer.mustSync = true;
  return claimed;
}

type Lease = 'channel' | 'lease_until' | 'may_be_posted';

/** @param lease with the time of the claim */
async function firstOf(
  tx: Kysely<Schema>,
  lease: Pick<LogPostRow, 'day' | 'at' | Lease>,
  { newest }: KnownLog,
): Promise<ClaimedPost | null> {
  const posted = tx.selectFrom('log_posts').select('size').where('ts', 'is not', null);
  const last = await posted.orderBy('day', 'desc').limit(1).executeTakeFirst();
  // Another process may know, and have posted, a larger one.
  if (newest.size <= (last?.size ?? 0)) return null;
  const { size, root, note } = newest;
  const row = { ...lease, size, root, note, problem: null, ts: null };
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('log_posts')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n ? { ...row, before: null } : null;
}

/** A try that is in doubt, or whose process died, may have posted it. One that was refused is repeated at once in another channel. */
async function nextTry(
  tx: Kysely<Schema>,
  row: LogPostRow,
  { lease, at }: { readonly lease: Pick<LogPostRow, Lease>; readonly at: number },
  { identity, newest }: KnownLog,
): Promise<ClaimedPost | null> {
  const isElsewhere = row.may_be_posted === 0 && row.channel !== lease.channel;
  if (row.ts !== null || (row.lease_until > at && !isElsewhere)) return null;
  const { size, root, note } = isOwnCheckpoint(row, identity) ? row : newest;
  const claimed = { ...lease, size, root, note };
  const { numUpdatedRows } = await tx
    .updateTable('log_posts')
    .set(claimed)
    .where('day', '=', row.day)
    .where('lease_until', '=', row.lease_until)
    .where('ts', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n ? { ...row, ...claimed, before: row.may_be_posted === 0 ? null : row.channel } : null;
}

/** Whether the result is news: this problem has not been recorded for that day. */
export async function settleLogPost(
  writer: Writer,
  { day }: Pick<ClaimedPost, 'day'>,
  result: PostTry,
): Promise<boolean> {
  const { db: tx } = writer;
  const row = await tx.selectFrom('log_posts').select(['problem', 'ts']).where('day', '=', day).executeTakeFirst();
  if (row === undefined || row.ts !== null) return false;
  await tx.updateTable('log_posts').set(changeBy(result)).where('day', '=', day).execute();
  writer.mustSync = true;
  return result.kind === 'posted' || result.problem !== row.problem;
}

function changeBy(result: PostTry): Partial<LogPostRow> {
  if (result.kind === 'posted') return { ts: result.ts };
  const { kind, problem, retryAt } = result;
  return { problem, lease_until: retryAt, may_be_posted: kind === 'in_doubt' ? 1 : 0 };
}
