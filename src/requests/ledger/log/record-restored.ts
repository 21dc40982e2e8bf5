import type { Kysely } from 'kysely';
import { frontierOf, rootOf } from '../../../transparency-log/tree.ts';
import type { Writer } from '../load.ts';
import type { Schema } from '../tables.ts';
import type { Checkpoint, LogIdentity } from './checkpoints.ts';
import { recordLogEvent } from './log-chain.ts';
import type { LogState, Restored, SeenCheckpoint } from './log-event.ts';
import { readNodes, readTree } from './log-storage.ts';
import { restorations, wasSeen } from './restorations.ts';

/** `checkpoint`: that of the log with this event. */
export type RecordedRestored = { readonly restored: Restored; readonly checkpoint: Checkpoint };

/**
 * Records that the log lacks a checkpoint which was seen elsewhere, the largest of them. Null: it lacks none, or that is
 * recorded already. `start`: the log when this process opened it.
 */
export async function recordRestored(
  writer: Writer,
  identity: LogIdentity,
  start: LogState,
  seen: readonly SeenCheckpoint[],
): Promise<RecordedRestored | null> {
  const { db: tx, engine } = writer;
  // Nobody else records it, or appends what seems to be missing, until this is committed.
  await engine.lockLog(tx, 'wait');
  const lacked = (await lackedOf(tx, seen)).toSorted((a, b) => b.size - a.size || b.at - a.at);
  const [largest] = lacked;
  if (largest === undefined) return null;
  const { size, root } = start;
  const restored = { size, root, seen: largest };
  return { restored, checkpoint: await recordLogEvent(writer, identity, { type: 'restored', data: restored }) };
}

/** The checkpoints that do not belong to this log: it is shorter, or had another root. Those that it knows of are left out. */
export async function lackedOf(
  db: Kysely<Schema>,
  seen: readonly SeenCheckpoint[],
): Promise<readonly SeenCheckpoint[]> {
  const known = await restorations(db);
  const { size } = await readTree(db);
  const lacked: SeenCheckpoint[] = [];
  for (const one of seen) {
    if (known.some((restoration) => wasSeen(restoration, one))) continue;
    if (one.size > size || (await rootAt(db, one.size)) !== one.root) lacked.push(one);
  }
  return lacked;
}

/** From the stored subtrees, of which there is a logarithm of the log. */
async function rootAt(db: Kysely<Schema>, size: number): Promise<string> {
  return rootOf(await readNodes(db, frontierOf(size))).toString('hex');
}
