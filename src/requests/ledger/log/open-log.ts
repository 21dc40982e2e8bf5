import { parseCheckpoint } from '../../../transparency-log/checkpoint.ts';
import { formatVerifierKey, type SigningKey, verifierKeyOf } from '../../../transparency-log/keys.ts';
import { readNote } from '../../../transparency-log/signed-note.ts';
import type { Engine } from '../engine.ts';
import { createWriter, type Writer } from '../load.ts';
import { type Checkpoint, type LogIdentity, newestCheckpoint } from './checkpoints.ts';
import { recordLogEvent } from './log-chain.ts';
import { seal } from './sealing.ts';

export type OpenedLog = { readonly identity: LogIdentity; readonly newest: Checkpoint };

/** Seals what a process that died has left, and records where a new key begins. */
export function openLog(engine: Engine, key: SigningKey | null): Promise<OpenedLog> {
  return engine.runExclusively(async (tx) => {
    const writer = createWriter(tx, engine);
    const identity = { origin: originOf(await newestOf(writer)), key };
    while ((await seal(writer, identity)).kind === 'sealed');
    if (key !== null && !(await isKeyBegun(writer, key))) {
      await recordLogEvent(writer, identity, {
        type: 'key_began',
        data: { key: formatVerifierKey(verifierKeyOf(key)) },
      });
    }
    return { identity, newest: await newestOf(writer) };
  });
}

/** Every ledger has a checkpoint: its migration records the first one. */
async function newestOf({ db }: Writer): Promise<Checkpoint> {
  const newest = await newestCheckpoint(db);
  if (newest === undefined) throw new Error('the log has no checkpoint');
  return newest;
}

/** The first line of a checkpoint. */
export function originOf({ note }: Pick<Checkpoint, 'note'>): string {
  const checkpoint = parseCheckpoint(readNote(note)?.text ?? '');
  if (checkpoint === null) throw new Error('the newest checkpoint of the log is not one');
  return checkpoint.origin;
}

/** Whether this key began last. */
async function isKeyBegun({ db }: Writer, key: SigningKey): Promise<boolean> {
  const last = await db
    .selectFrom('log_events')
    .select('data')
    .where('type', '=', 'key_began')
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last !== undefined && JSON.parse(last.data).key === formatVerifierKey(verifierKeyOf(key));
}
