import {
  editedOutbox,
  emptyOutbox,
  isAlertLost,
  isEmpty,
  type Mute,
  nextOf,
  type Outbox,
  outboxAfterTry,
  type TryResult,
  trying,
} from '../../watches/outbox.ts';
import type { ClaimedWatchPost, WatchPlace } from '../../watches/watch-store.ts';
import { quietUntil } from '../../watches/watch-terms.ts';
import type { Writer } from '../load.ts';
import { atMost } from '../queries.ts';
import { changeWatch } from './change-watch.ts';
import { memoryOf, muteIn, outboxOf, termsOf, type WatchRow } from './watch-rows.ts';

/** Slack accepts about one message a second in a channel. */
const betweenPostsMs = 1_100;

/** So many of those that wait are considered for a claim. */
const mostConsidered = 50;

/**
 * Claims what waits to be posted, one message of each channel at a time. That it may be posted from now on is recorded: the
 * intent of the post.
 */
export async function claimWatchPosts(
  writer: Writer,
  { lease, leaseMs }: { readonly lease: string; readonly leaseMs: number },
): Promise<readonly ClaimedWatchPost[]> {
  const { db } = writer;
  const now = await writer.now();
  const due = await db
    .selectFrom('watches')
    .select(['key', 'channel'])
    .where('post_at', 'is not', null)
    .where('post_at', '<=', now)
    .where(({ not, exists, selectFrom }) => {
      const inChannel = selectFrom('watches as other')
        .select('other.key')
        .whereRef('other.channel', '=', 'watches.channel');
      return not(exists(inChannel.where('other.post_lease_until', '>=', now)));
    })
    .orderBy('post_at')
    .orderBy('key')
    .limit(atMost(mostConsidered))
    .execute();
  const claimed: ClaimedWatchPost[] = [];
  for (const channel of [...new Set(due.map((one) => one.channel))].toSorted()) {
    const first = due.find((one) => one.channel === channel);
    const own = first && (await claimOne(writer, first, { lease, now, until: now + leaseMs }));
    if (own) claimed.push(own);
  }
  return claimed;
}

async function claimOne(
  writer: Writer,
  place: WatchPlace,
  { lease, now, until }: { readonly lease: string; readonly now: number; readonly until: number },
): Promise<ClaimedWatchPost | null> {
  const row = await lockedRow(writer, place);
  if (row === undefined || row.post_at === null || (row.post_lease_until ?? 0) >= now) return null;
  const [outbox, memory] = [outboxOf(row), memoryOf(row)];
  const next = nextOf(outbox, row.ts !== null);
  // What could not be posted before the quiet hours waits for their end.
  const quietEnd = next === null || next === 'edit' ? null : quietUntil(termsOf(row), now);
  if (next === null || quietEnd !== null) {
    await changeWatch(writer.db, place, { post_at: quietEnd });
    return null;
  }
  await changeWatch(writer.db, place, {
    ...{ outbox: JSON.stringify(trying(outbox, next)), post_lease: lease, post_lease_until: until },
  });
  writer.mustSync = true;
  return {
    ...{ key: row.key, lease, leaseUntil: until, terms: termsOf(row), memory, outbox, ts: row.ts },
    tried: {
      next,
      shown: memory.shown,
      alert: memory.alert,
      reply: outbox.reply?.number ?? 0,
      mutedUntil: row.muted_until,
    },
    muted: muteOf(row, now),
    isInDoubt: outbox.doubt === (next === 'post' ? 'root' : next),
  };
}

/** Records how a try ended. Whether that is news: this problem has not been recorded of it. */
export async function settleWatchPost(writer: Writer, claim: ClaimedWatchPost, result: TryResult): Promise<boolean> {
  const place = { key: claim.key, channel: claim.terms.channel };
  const row = await lockedRow(writer, place);
  if (row === undefined || row.post_lease !== claim.lease) return false;
  const now = await writer.now();
  const { tried } = claim;
  const memory = memoryOf(row);
  const isCurrent = memory.alert === tried.alert;
  const isLost = isAlertLost(outboxOf(row), memory, tried, result);
  const outbox: Outbox = isLost
    ? { ...emptyOutbox, root: 'post', at: now }
    : outboxAfterTry(outboxOf(row), { memory, mutedUntil: row.muted_until }, tried, result);
  const waitMs = 'retryInMs' in result && isCurrent ? result.retryInMs : 0;
  const isPosted = result.kind === 'done' && tried.next === 'post' && isCurrent;
  const problem = 'problem' in result ? result.problem : null;
  await changeWatch(writer.db, place, {
    ...(isPosted && { ts: result.ts }),
    ...(isLost && { ts: null, memory: JSON.stringify({ ...memory, alert: memory.alert + 1 }) }),
    ...{ outbox: JSON.stringify(outbox), problem, post_lease: null },
    post_at: isEmpty(outbox) ? null : now + waitMs,
    // Until then nothing else of a watch is posted in the channel.
    post_lease_until: now + betweenPostsMs,
  });
  writer.mustSync = true;
  return problem !== null && problem !== row.problem;
}

/** Once a mute is over, the alert has its button again. */
export async function endMute(writer: Writer, row: WatchRow): Promise<void> {
  const now = await writer.now();
  if (row.muted_until === null || row.muted_until > now) return;
  const latest = await lockedRow(writer, row);
  if (latest === undefined) return;
  const outbox = editedOutbox(outboxOf(latest));
  await changeWatch(writer.db, row, {
    ...{ muted_until: null, muted_by: null, muted_request: null },
    ...posting(latest, outbox, now),
  });
}

export function muteOf(row: WatchRow, now: number): Mute | null {
  const mute = muteIn(row);
  return mute === null || mute.until <= now ? null : mute;
}

/** An alert that is not posted yet will show it by itself. */
export function posting(row: WatchRow, outbox: Outbox, now: number): Partial<WatchRow> {
  return row.ts === null ? {} : { outbox: JSON.stringify(outbox), post_at: row.post_at ?? now };
}

export function lockedRow({ db, engine }: Writer, { key, channel }: WatchPlace): Promise<WatchRow | undefined> {
  const selected = db.selectFrom('watches').selectAll().where('key', '=', key).where('channel', '=', channel);
  return (engine.isShared ? selected.forUpdate() : selected).executeTakeFirst();
}
