import { sql } from 'kysely';
import { limits } from '../../retry-policy.ts';
import type { Writer } from '../load.ts';
import { smallMs } from '../reset-ahead.ts';

const recordedAt = ['was_due', 'answered_at', 'failing_since'] as const;

/**
 * The clock was turned back: what was recorded ahead of it counts from now. Otherwise nothing would be looked at, or posted,
 * until that time comes again. True if anything was.
 */
export async function resetWatchesAhead(writer: Writer): Promise<boolean> {
  const { db, engine } = writer;
  const now = await writer.now();
  const ahead = db
    .selectFrom('watched')
    .select('key')
    .where((eb) => eb.or(recordedAt.map((column) => eb(column, '>', now + smallMs))));
  if ((await ahead.limit(1).execute()).length === 0) return false;
  // Watches are locked before what is looked at, as by a look.
  const rows = db.selectFrom('watches').select('key').orderBy('key').orderBy('channel');
  await (engine.isShared ? rows.forUpdate() : rows).execute();
  const notAfter = (column: string, at: number) =>
    sql<number | null>`case when ${sql.ref(column)} > ${at} then ${at} else ${sql.ref(column)} end`;
  const { leaseMs, muteMs } = limits.watch;
  await db
    .updateTable('watches')
    .set({
      post_at: notAfter('post_at', now),
      // A message may be on its way.
      post_lease_until: notAfter('post_lease_until', now + leaseMs),
      muted_until: notAfter('muted_until', now + muteMs),
    })
    .execute();
  await db
    .updateTable('watched')
    .set({
      ...{ due_at: sql<number>`case when due_at > ${now} + every_ms then ${now} else due_at end` },
      lease_until: notAfter('lease_until', now + leaseMs),
      ...Object.fromEntries(recordedAt.map((column) => [column, notAfter(column, now)])),
    })
    .execute();
  return true;
}
