import type { Kysely } from 'kysely';
import type { Writer } from '../load.ts';
import type { Schema } from '../tables.ts';
import { changeWatch, removeWatch } from './change-watch.ts';
import { newWatch, termsOf, type WatchRow } from './watch-rows.ts';

/** The channels with watches that somebody has asked for. */
export async function askedChannels(db: Kysely<Schema>): Promise<readonly string[]> {
  const asked = db.selectFrom('watches').select('channel').distinct().where('asked', 'is not', null);
  return (await asked.orderBy('channel').execute()).map(({ channel }) => channel);
}

/**
 * What somebody has asked for in a channel that has another ID now is of that one, with what it remembers. It rests until
 * the next `syncWatches`. What the file has stays as the file says.
 */
export async function moveWatches(
  { db, engine }: Writer,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  await engine.lockWatches(db);
  const inChannel = (channel: string) => db.selectFrom('watches').selectAll().where('channel', '=', channel).execute();
  const taken = new Map((await inChannel(to)).map((row) => [row.key, row]));
  for (const row of await inChannel(from)) {
    if (row.asked === null) continue;
    await (row.source === 'file' ? changeWatch(db, row, { asked: null }) : removeWatch(db, row));
    await putInto(db, moved(row, to), taken.get(row.key));
  }
}

function moved(row: WatchRow, channel: string): WatchRow {
  const terms = { ...termsOf(row), channel };
  if (row.source === 'file') return newWatch(terms, { source: 'resting', asked: row.asked });
  return { ...row, channel, terms: JSON.stringify(terms), post_lease: null, post_lease_until: null };
}

/** A watch that the new channel has already stays as it is. */
async function putInto(db: Kysely<Schema>, row: WatchRow, taken: WatchRow | undefined): Promise<void> {
  if (taken === undefined) await db.insertInto('watches').values(row).execute();
  else if (taken.asked === null) await changeWatch(db, row, { asked: row.asked });
}
