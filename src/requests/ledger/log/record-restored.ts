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
  const lacked = await largestLacked(tx, identity, seen);
  if (lacked === null) return null;
  const { size, root } = start;
  const restored = { size, root, seen: lacked };
  return { restored, checkpoint: await recordLogEvent(writer, identity, { type: 'restored', data: restored }) };
}

/** The largest checkpoint that does not belong to this log: it is shorter, or had another root. Null: there is none, or the log says so already. */
export async function largestLacked(
  db: Kysely<Schema>,
  { key }: Pick<LogIdentity, 'key'>,
  seen: readonly SeenCheckpoint[],
): Promise<SeenCheckpoint | null> {
  const known = await restorations(db, key);
  const news = seen.filter((one) => !known.some((restoration) => wasSeen(restoration, one)));
  const own = await recordedAmong(db, news);
  const { size } = await readTree(db);
  for (const one of news.toSorted((a, b) => b.size - a.size || b.at - a.at)) {
    if (own.has(keyOf(one))) continue;
    if (one.size > size || (await rootAt(db, one.size)) !== one.root) return one;
  }
  return null;
}

/** Those that this ledger has recorded itself, which are nearly all. */
async function recordedAmong(db: Kysely<Schema>, seen: readonly SeenCheckpoint[]): Promise<ReadonlySet<string>> {
  if (seen.length === 0) return new Set();
  const sizes = seen.map(({ size }) => size);
  const rows = await db.selectFrom('log_checkpoints').select(['size', 'root']).where('size', 'in', sizes).execute();
  return new Set(rows.map(keyOf));
}

function keyOf({ size, root }: LogState): string {
  return `${size}·${root}`;
}

/** From the stored subtrees, of which there is a logarithm of the log. */
async function rootAt(db: Kysely<Schema>, size: number): Promise<string> {
  return rootOf(await readNodes(db, frontierOf(size))).toString('hex');
}
