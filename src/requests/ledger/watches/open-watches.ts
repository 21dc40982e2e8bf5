import type { Kysely } from 'kysely';
import { arrivesWithinMs } from '../../request.ts';
import { limits } from '../../retry-policy.ts';
import type { WatchStore } from '../../watches/watch-store.ts';
import type { LedgerTransaction } from '../ledger.ts';
import type { Writer } from '../load.ts';
import type { Schema } from '../tables.ts';
import { askedChannels, moveWatches } from './follow-channel.ts';
import { claimLooks, settleLook } from './looks.ts';
import { watchesIn, watchObstacle } from './order-watch.ts';
import { syncWatches } from './sync-watches.ts';
import { claimWatchPosts, settleWatchPost } from './watch-posts.ts';

type Access = {
  readonly db: Kysely<Schema>;
  writing<T>(work: (writer: Writer) => Promise<T>): Promise<T>;
  scheduling<T>(work: (writer: Writer) => Promise<T>, limitMs: number): Promise<T>;
  reading<T>(read: () => Promise<T>): Promise<T>;
  nextLease(): string;
  transactionOf(writer: Writer): LedgerTransaction;
};

export function watchStore({
  db,
  writing,
  scheduling,
  reading,
  nextLease,
  transactionOf,
}: Access): WatchStore<LedgerTransaction> {
  return {
    sync: (wanted, places) => writing((writer) => syncWatches(writer, wanted, places)),
    askedChannels: () => reading(() => askedChannels(db)),
    move: (channels) => writing((writer) => moveWatches(writer, channels)),
    obstacle: (request, choice) => reading(() => watchObstacle(db, request, choice)),
    inChannel: (channel) => reading(() => watchesIn(db, channel)),
    organizationsDue: (now) => reading(() => organizationsDue(db, now)),
    nextPostAt: () => reading(() => nextPostAt(db)),
    claimLooks: (which) =>
      scheduling((writer) => claimLooks(writer, { ...which, lease: nextLease() }), limits.ledger.readMs),
    settleLook: (claim, look, endChanged) =>
      writing((writer) => settleLook(writer, claim, look, (change) => endChanged(transactionOf(writer), change))),
    claimPosts: (leaseMs) => writing((writer) => claimWatchPosts(writer, { lease: nextLease(), leaseMs })),
    settlePost: (claim, result) => writing((writer) => settleWatchPost(writer, claim, result)),
  };
}

async function organizationsDue(db: Kysely<Schema>, now: number): Promise<readonly string[]> {
  const due = db.selectFrom('watched').select('organization').distinct().where('due_at', '<=', now);
  return (await due.orderBy('organization').execute()).map(({ organization }) => organization);
}

async function nextPostAt(db: Kysely<Schema>): Promise<number | null> {
  const least = db.selectFrom('watches').where('post_at', 'is not', null);
  return (await least.select((eb) => eb.fn.min<number | null>('post_at').as('at')).executeTakeFirst())?.at ?? null;
}

/** For the process that owns the file: whoever held a lease has ended. Its message may still arrive. */
export async function releaseWatches(db: Kysely<Schema>, now: number): Promise<void> {
  await db.updateTable('watched').set({ lease: null, lease_until: null }).where('lease', 'is not', null).execute();
  await db
    .updateTable('watches')
    .set({ post_lease: null, post_lease_until: now + arrivesWithinMs })
    .where('post_lease', 'is not', null)
    .execute();
}
