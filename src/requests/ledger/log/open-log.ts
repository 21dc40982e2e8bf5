import { parseCheckpoint } from '../../../transparency-log/checkpoint.ts';
import { formatVerifierKey, type SigningKey, verifierKeyOf } from '../../../transparency-log/keys.ts';
import { readNote } from '../../../transparency-log/signed-note.ts';
import type { Engine } from '../engine.ts';
import { createWriter, type Writer } from '../load.ts';
import { type Checkpoint, type LogIdentity, newestCheckpoint } from './checkpoints.ts';
import { createEventCodes, type EventCodes } from './event-codes.ts';
import { keysBegun, recordLogEvent } from './log-chain.ts';
import { seal } from './sealing.ts';

export type OpenedLog = {
  readonly identity: LogIdentity;
  readonly newest: Checkpoint;
  readonly codes: EventCodes | null;
};

/** Reads the newest checkpoint, and records where a new key begins. */
export function openLog(engine: Engine, key: SigningKey | null): Promise<OpenedLog> {
  return engine.runExclusively(async (tx) => {
    const writer = createWriter(tx, { engine, codes: null, forged() {} });
    const identity = { origin: originOf(await newestOf(writer)), key };
    const codes = key === null ? null : createEventCodes(key, await beginKey(writer, identity, key));
    return { identity, newest: await newestOf(writer), codes };
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

/** The place of the event with which this key began: an earlier one if no other key has begun since. */
async function beginKey(writer: Writer, identity: LogIdentity, key: SigningKey): Promise<number> {
  const text = formatVerifierKey(verifierKeyOf(key));
  const last = (await keysBegun(writer.db)).at(-1);
  if (last?.key === text) return last.place;
  // What a process that died has left needs no code of this key.
  while ((await seal(writer, identity)).kind === 'sealed');
  const { size } = await recordLogEvent(writer, identity, { type: 'key_began', data: { key: text } });
  return size - 1;
}
