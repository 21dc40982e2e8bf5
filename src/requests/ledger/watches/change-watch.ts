import type { Kysely } from 'kysely';
import type { WatchPlace } from '../../watches/watch-store.ts';
import type { Schema } from '../tables.ts';
import type { WatchRow } from './watch-rows.ts';

export async function changeWatch(
  db: Kysely<Schema>,
  { key, channel }: WatchPlace,
  values: Partial<WatchRow>,
): Promise<void> {
  await db.updateTable('watches').set(values).where('key', '=', key).where('channel', '=', channel).execute();
}

export async function removeWatch(db: Kysely<Schema>, { key, channel }: WatchPlace): Promise<void> {
  await db.deleteFrom('watches').where('key', '=', key).where('channel', '=', channel).execute();
}
