import { type Kysely, sql } from 'kysely';
import type { CheckpointRow, LeafRow, Schema } from '../tables.ts';
import { logId } from './log-chain.ts';
import { isUnsealed } from './sealing.ts';

/** An event whose digest was looked for. `place` is null while it has none; `event` is null if it was removed. */
export type FoundEvent = Omit<LeafRow, 'place'> & {
  readonly place: number | null;
  readonly event: { readonly type: string; readonly at: number } | null;
};

export type FoundDigests = {
  readonly events: readonly FoundEvent[];
  readonly checkpoints: readonly CheckpointRow[];
};

/**
 * What begins with these hexadecimal digits in lower case: the digests of events, and the roots of checkpoints, at most
 * `limit` of each. Reads the whole log, about a second for a million events: an index would cost every event more than it
 * saves whoever asks this, and needs none of the bot's time.
 */
export async function findDigest(db: Kysely<Schema>, digits: string, limit: number): Promise<FoundDigests> {
  const sealed = await sealedEvents(db, digits, limit);
  const waiting = await waitingEvents(db, digits, limit);
  const checkpoints = await db
    .selectFrom('log_checkpoints')
    .selectAll()
    .where(beginsWith('root', digits))
    .orderBy('size')
    .limit(limit)
    .execute();
  return { events: [...sealed, ...waiting], checkpoints };
}

/** The checkpoint of that size, if its root begins with these digits. */
export function findCheckpoint(db: Kysely<Schema>, size: number, digits: string): Promise<CheckpointRow[]> {
  const checkpoints = db.selectFrom('log_checkpoints').selectAll();
  return checkpoints.where('size', '=', size).where(beginsWith('root', digits)).execute();
}

/** Without patterns, for which the databases differ. */
function beginsWith(column: 'digest' | 'root' | 'events.digest', digits: string) {
  return sql<boolean>`substr(${sql.ref(column)}, 1, ${sql.lit(digits.length)}) = ${digits}`;
}

async function sealedEvents(db: Kysely<Schema>, digits: string, limit: number): Promise<readonly FoundEvent[]> {
  const leaves = await db
    .selectFrom('log_leaves')
    .selectAll()
    .where(beginsWith('digest', digits))
    .orderBy('place')
    .limit(limit)
    .execute();
  const found: FoundEvent[] = [];
  for (const leaf of leaves) found.push({ ...leaf, event: await eventOf(db, leaf) });
  return found;
}

async function eventOf(db: Kysely<Schema>, { request, sequence }: LeafRow): Promise<FoundEvent['event']> {
  const event =
    request === logId
      ? await db.selectFrom('log_events').select(['type', 'at']).where('sequence', '=', sequence).executeTakeFirst()
      : await db
          .selectFrom('events')
          .select(['type', 'at'])
          .where('request', '=', request)
          .where('sequence', '=', sequence)
          .executeTakeFirst();
  return event ?? null;
}

/** They are few, and found by their requests. */
async function waitingEvents(db: Kysely<Schema>, digits: string, limit: number): Promise<readonly FoundEvent[]> {
  const rows = await db
    .selectFrom('events')
    .innerJoin('requests', 'requests.id', 'events.request')
    .select(['events.request', 'events.sequence', 'events.digest', 'events.type', 'events.at'])
    .where(isUnsealed)
    .whereRef('events.sequence', '>', 'requests.sealed_sequence')
    .where(beginsWith('events.digest', digits))
    .orderBy('events.at')
    .limit(limit)
    .execute();
  return rows.map(({ type, at, ...row }) => ({ ...row, place: null, event: { type, at } }));
}
