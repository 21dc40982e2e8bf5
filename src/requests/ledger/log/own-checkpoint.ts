import type { Kysely } from 'kysely';
import { parseCheckpoint } from '../../../transparency-log/checkpoint.ts';
import { verifierKeyOf } from '../../../transparency-log/keys.ts';
import { readNote, signersOf } from '../../../transparency-log/signed-note.ts';
import type { Schema } from '../tables.ts';
import { type Checkpoint, type LogIdentity, newestCheckpoint } from './checkpoints.ts';

type Key = Pick<LogIdentity, 'key'>;

/** Whether the bot has recorded this checkpoint, as far as its key shows it. Without a key, it is only whole. */
export function isOwnCheckpoint(
  { size, root, note }: Pick<Checkpoint, 'size' | 'root' | 'note'>,
  { key }: Key,
): boolean {
  const read = readNote(note);
  const said = parseCheckpoint(read?.text ?? '');
  if (read === null || said?.size !== size || said.root.toString('hex') !== root) return false;
  return key === null || signersOf(read, [verifierKeyOf(key)]).kind === 'signed';
}

/** How many checkpoints of somebody else are passed over. */
const mostOthers = 1_000;

/** The newest checkpoint that the bot has recorded with this key. Null: there is none, or too many of somebody else are newer. */
export async function newestOwnCheckpoint(db: Kysely<Schema>, key: Key): Promise<Checkpoint | null> {
  const newest = db.selectFrom('log_checkpoints').selectAll().orderBy('size', 'desc').limit(1);
  let one = await newest.executeTakeFirst();
  for (let others = 0; one !== undefined && others < mostOthers; others++) {
    if (isOwnCheckpoint(one, key)) return one;
    one = await newest.where('size', '<', one.size).executeTakeFirst();
  }
  return null;
}

/** With the bot's key, the newest checkpoint that it has signed; without it, the newest one. Null: there is none. */
export async function newestCheckpointFor(db: Kysely<Schema>, { key }: Key): Promise<Checkpoint | null> {
  return key === null ? ((await newestCheckpoint(db)) ?? null) : newestOwnCheckpoint(db, { key });
}
