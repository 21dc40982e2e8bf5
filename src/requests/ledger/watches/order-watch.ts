import type { Kysely } from 'kysely';
import type { WatchChoice } from '../../../commands/command.ts';
import { type Request, workflowKey } from '../../request.ts';
import type { ChannelWatch, WatchObstacle, WatchPlace } from '../../watches/watch-store.ts';
import { mostTypedWatches, typedTerms } from '../../watches/watch-terms.ts';
import type { Writer } from '../load.ts';
import type { Schema } from '../tables.ts';
import { removeWatch } from './change-watch.ts';
import { refreshLooks } from './sync-watches.ts';
import { isOfOrganization, muteIn, newWatch, nothingToldYet, termsOf } from './watch-rows.ts';

type Ordering = Pick<Request, 'id' | 'order' | 'channel'>;

/** `pausesEndAfterMs`: as in `WatchTerms`. */
export type WatchOrder = { readonly choice: WatchChoice; readonly pausesEndAfterMs: number | null };

/** Begins the watch of a request, or ends it, unless something is in the way. */
export async function orderWatch(
  writer: Writer,
  request: Ordering,
  { choice, pausesEndAfterMs }: WatchOrder,
): Promise<WatchObstacle | null> {
  const { db, engine } = writer;
  await engine.lockWatches(db);
  const obstacle = await watchObstacle(db, request, choice);
  if (obstacle !== null) return obstacle;
  await (choice === 'watch' ? begin(db, request, pausesEndAfterMs) : removeWatch(db, placeOf(request)));
  await refreshLooks(writer);
  return null;
}

/** Why the channel cannot be told of the workflow, or be told no more; null: nothing is in the way. */
export async function watchObstacle(
  db: Kysely<Schema>,
  request: Pick<Request, 'order' | 'channel'>,
  choice: WatchChoice,
): Promise<WatchObstacle | null> {
  const found = await db
    .selectFrom('watches')
    .select(['source', 'asked'])
    .where((eb) => eb.and(placeOf(request)))
    .executeTakeFirst();
  if (choice === 'unwatch') {
    if (found === undefined) return { kind: 'not_watched' };
    return found.source === 'file' ? { kind: 'watched_by_file' } : null;
  }
  if (found !== undefined && found.source !== 'resting') {
    return { kind: 'watched_already', request: found.source === 'file' ? null : found.asked };
  }
  const typed = await db
    .selectFrom('watches')
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .where('channel', '=', request.channel)
    .where('source', '=', 'command')
    .executeTakeFirst();
  return Number(typed?.count ?? 0) < mostTypedWatches ? null : { kind: 'too_many_watches', most: mostTypedWatches };
}

async function begin(
  db: Kysely<Schema>,
  { id, order, channel }: Ordering,
  pausesEndAfterMs: number | null,
): Promise<void> {
  const { organization, environment, workflowId, alias } = order;
  const terms = typedTerms({ organization, environment, workflowId, alias, channel, pausesEndAfterMs });
  await db
    .insertInto('watches')
    .values(newWatch(terms, { source: 'command', asked: id }))
    .onConflict((conflict) =>
      conflict
        .columns(['key', 'channel'])
        .doUpdateSet({ source: 'command', asked: id, terms: JSON.stringify(terms), ...nothingToldYet }),
    )
    .execute();
}

function placeOf({ order, channel }: Pick<Request, 'order' | 'channel'>): WatchPlace {
  return { key: workflowKey(order), channel };
}

/** What a channel is told of, by the names of the workflows. */
export async function watchesIn(db: Kysely<Schema>, channel: string): Promise<readonly ChannelWatch[]> {
  const rows = await db
    .selectFrom('watches')
    .leftJoin('watched', 'watched.key', 'watches.key')
    .select(['watches.key', 'watches.source', 'watches.asked', 'watches.terms', 'watches.muted_until'])
    .select(['watches.muted_by', 'watches.muted_request', 'watched.reading', 'watched.answered_at', 'watched.failures'])
    .where('watches.channel', '=', channel)
    .orderBy('watches.key')
    .execute();
  return rows
    .filter((row) => !isOfOrganization(row))
    .map(({ source, asked, muted_until, muted_by, muted_request, reading, answered_at, failures, ...row }) => ({
      terms: termsOf(row),
      isOfFile: source === 'file',
      isResting: source === 'resting',
      asked: source === 'file' ? null : asked,
      muted: muteIn({ muted_until, muted_by, muted_request }),
      seen: { reading, answeredAt: answered_at, isFailing: (failures ?? 0) > 0 },
    }));
}
