import type { Kysely } from 'kysely';
import type { SigningKey } from '../../../transparency-log/keys.ts';
import { digestOf, withDigest } from '../../digest.ts';
import type { Writer } from '../load.ts';
import type { LogEventRow, Schema } from '../tables.ts';
import { type Checkpoint, type LogIdentity, recordCheckpoint } from './checkpoints.ts';
import { createEventCodes } from './event-codes.ts';
import type { LogEvent } from './log-event.ts';
import { appendLeaves, readTree } from './log-storage.ts';

/** Stands for the request in the events of the log itself. No request has this ID. */
export const logId = 'LOG';

/** Records an event of the log itself, which gets its place at once. */
export async function recordLogEvent(writer: Writer, identity: LogIdentity, event: LogEvent): Promise<Checkpoint> {
  const { db: tx, engine } = writer;
  await engine.lockLog(tx, 'wait');
  const at = await writer.now();
  const leaf = await insertLogEvent(tx, event, at, identity.key);
  writer.mustSync = true;
  return recordCheckpoint(tx, identity, await appendLeaves(tx, await readTree(tx), [leaf]), at);
}

/** Writes the event, and returns its leaf. */
export async function insertLogEvent(tx: Kysely<Schema>, event: LogEvent, at: number, key: SigningKey | null) {
  const last = await tx
    .selectFrom('log_events')
    .select(['sequence', 'digest'])
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  const [sequence, previousDigest] = [(last?.sequence ?? 0) + 1, last?.digest ?? ''];
  const { digest } = withDigest({ request: logId, sequence, at, previousDigest, event });
  const mac = key === null ? null : createEventCodes(key).codeOf(digest);
  const row = { sequence, at, type: event.type, data: JSON.stringify(event.data), digest, mac };
  await tx
    .insertInto('log_events')
    .values({ ...row, previous_digest: previousDigest })
    .execute();
  return { request: logId, sequence, digest };
}

/** Whether the digest is that of the event, with whatever digest before. */
export function hasOwnDigest({ sequence, at, type, data, previous_digest, digest }: LogEventRow): boolean {
  try {
    const event = { type, data: JSON.parse(data) };
    return digest === digestOf({ request: logId, sequence, at, previousDigest: previous_digest, event });
  } catch {
    return false;
  }
}

/** A key, in its verifier form, the log before it began, and the event that says so. */
export type BegunKey = EventData<'key_began'> & { readonly row: LogEventRow };
type EventData<T extends LogEvent['type']> = Extract<LogEvent, { type: T }>['data'];

/** The keys of this log, in the order in which they began. */
export async function keysBegun(db: Kysely<Schema>): Promise<readonly BegunKey[]> {
  const rows = await db
    .selectFrom('log_events')
    .selectAll()
    .where('type', '=', 'key_began')
    .orderBy('sequence')
    .execute();
  return rows.filter(hasOwnDigest).map((row) => ({ ...JSON.parse(row.data), row }));
}
