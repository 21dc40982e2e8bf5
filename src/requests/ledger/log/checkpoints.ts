import type { Kysely } from 'kysely';
import { formatCheckpoint } from '../../../transparency-log/checkpoint.ts';
import type { SigningKey } from '../../../transparency-log/keys.ts';
import { signNote } from '../../../transparency-log/signed-note.ts';
import type { CheckpointRow, Schema } from '../tables.ts';
import { rootHash, type StoredTree } from './log-storage.ts';

/** The state of the log at one time. `root` in hex; `note`: its text form (C2SP tlog-checkpoint), signed where there is a key. */
export type Checkpoint = Readonly<CheckpointRow>;

/** `origin`: the name of this log, which is the first line of its checkpoints. */
export type LogIdentity = { readonly origin: string; readonly key: SigningKey | null };

export function newestCheckpoint(db: Kysely<Schema>): Promise<Checkpoint | undefined> {
  return db.selectFrom('log_checkpoints').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst();
}

export async function recordCheckpoint(
  tx: Kysely<Schema>,
  { origin, key }: LogIdentity,
  tree: StoredTree,
  at: number,
  extensions: readonly string[] = [],
): Promise<Checkpoint> {
  const root = rootHash(tree);
  const text = formatCheckpoint({ origin, size: tree.size, root, extensions });
  const note = key === null ? text : signNote(text, key);
  const checkpoint = { size: tree.size, at, root: root.toString('hex'), note };
  await tx.insertInto('log_checkpoints').values(checkpoint).execute();
  return checkpoint;
}
