import type { Kysely } from 'kysely';
import { checkpointIn } from '../../../transparency-log/checkpoint.ts';
import { formatVerifierKey, type SigningKey, verifierKeyOf } from '../../../transparency-log/keys.ts';
import type { Engine } from '../engine.ts';
import { createWriter, type Writer } from '../load.ts';
import type { Schema } from '../tables.ts';
import { type Checkpoint, type LogIdentity, newestCheckpoint } from './checkpoints.ts';
import { createEventCodes, type EventCodes, type KeyInForce } from './event-codes.ts';
import { keysBegun, recordLogEvent } from './log-chain.ts';
import type { LogState } from './log-event.ts';
import { readTree, rootHash, type StoredTree } from './log-storage.ts';
import { newestOwnCheckpoint } from './own-checkpoint.ts';
import { seal } from './sealing.ts';

/** `found`: the log as it was. `begun`: the log before a key that has begun now; null if none has. `lacksKey`: it has a key, and none was given. */
export type OpenedLog = {
  readonly identity: LogIdentity;
  readonly found: LogState;
  readonly newest: Checkpoint;
  readonly codes: KeyInForce | null;
  readonly begun: LogState | null;
  readonly lacksKey?: boolean;
};

/** Reads the newest checkpoint, and records where a new key begins. */
export async function openLog(engine: Engine, key: SigningKey | null): Promise<OpenedLog> {
  if (key !== null)
    return engine.runExclusively((tx) => openWithKey(createWriter(tx, { engine, codes: null, forged() {} }), key));
  const newest = await newestOf(engine.db);
  const lacksKey = (await keysBegun(engine.db)).length > 0;
  return { identity: { origin: originOf(newest), key }, found: newest, newest, codes: null, begun: null, lacksKey };
}

/** The log has another key than the one that was given, or only one of them is there. */
export class OtherKeyError extends Error {
  override name = 'OtherKeyError';
}

/** Opens the log as it is: no key begins. Throws an OtherKeyError unless the given key is the one in force. */
export async function joinLog(db: Kysely<Schema>, key: SigningKey | null): Promise<OpenedLog> {
  const newest = await newestOf(db);
  const identity = { origin: originOf(newest), key };
  if (key === null) {
    if ((await keysBegun(db)).length > 0) throw new OtherKeyError('the log has a key');
    return { identity, found: newest, newest, codes: null, begun: null };
  }
  const codes = createEventCodes(key);
  const before = await stateBefore(db, key, codes);
  if (before === null) throw new OtherKeyError('this key is not the one in force');
  return { identity, found: newest, newest, codes: { ...codes, before }, begun: null };
}

async function openWithKey(writer: Writer, key: SigningKey): Promise<OpenedLog> {
  const { db } = writer;
  const codes = createEventCodes(key);
  const before = await stateBefore(db, key, codes);
  // Since the key began, a checkpoint that it has not signed is of somebody else.
  const last = (before && (await newestOwnCheckpoint(db, { key }))) ?? (await newestOf(db));
  const identity = { origin: originOf(last), key };
  if (before !== null) return { identity, found: last, newest: last, codes: { ...codes, before }, begun: null };
  const { begun, newest } = await beginKey(writer, identity, key);
  return { identity, found: last, newest, codes: { ...codes, before: begun }, begun };
}

/** Every ledger has a checkpoint: its migration records the first one. */
async function newestOf(db: Kysely<Schema>): Promise<Checkpoint> {
  const newest = await newestCheckpoint(db);
  if (newest === undefined) throw new Error('the log has no checkpoint');
  return newest;
}

/** The first line of a checkpoint. */
function originOf({ note }: Pick<Checkpoint, 'note'>): string {
  const checkpoint = checkpointIn(note);
  if (checkpoint === null) throw new Error('the newest checkpoint of the log is not one');
  return checkpoint.origin;
}

/** The log before this key, if it began last. Its own code must vouch for it: it decides which events need none. */
async function stateBefore(db: Kysely<Schema>, key: SigningKey, codes: EventCodes): Promise<LogState | null> {
  const last = (await keysBegun(db)).at(-1);
  if (last?.key !== formatVerifierKey(verifierKeyOf(key)) || !codes.isCodeOf(last.row.digest, last.row.mac))
    return null;
  return { size: last.size, root: last.root };
}

type Begun = { readonly begun: LogState; readonly newest: Checkpoint };

async function beginKey(writer: Writer, identity: LogIdentity, key: SigningKey): Promise<Begun> {
  // What a process that died has left needs no code of this key.
  while ((await seal(writer, identity)).kind === 'sealed');
  const begun = stateOf(await readTree(writer.db));
  const data = { key: formatVerifierKey(verifierKeyOf(key)), ...begun };
  return { begun, newest: await recordLogEvent(writer, identity, { type: 'key_began', data }) };
}

function stateOf(tree: StoredTree): LogState {
  return { size: tree.size, root: rootHash(tree).toString('hex') };
}
