import { type Kysely, sql, type Transaction } from 'kysely';
import type { RecordedEvent } from '../events.ts';
import { applyEvent, replay } from '../replay.ts';
import type { Request } from '../request.ts';
import { textHash, textHashes, withReason } from '../texts.ts';
import type { Engine } from './engine.ts';
import type { KeyInForce } from './log/event-codes.ts';
import { checkOwn, ForgedEventError } from './log/own-events.ts';
import { statement } from './statement.ts';
import { type EventRow, eventColumns, recordedEvent, type Schema } from './tables.ts';

/** Where requests are loaded from: the database, or a transaction with the requests that it has changed. */
export type Reader = {
  readonly db: Kysely<Schema>;
  readonly engine: Pick<Engine, 'requestCache' | 'isShared'>;
  /** Null: the bot has no key, and takes every event for its own. */
  readonly codes: KeyInForce | null;
  /** Called if a request has an event that the bot has not recorded. */
  forged(event: { readonly request: string; readonly sequence: number }): void;
  readonly changed?: ReadonlyMap<string, Request>;
};

/** A transaction of the database, the events written in it, and the requests as they are after them. */
export type Writer = Reader & {
  readonly db: Transaction<Schema>;
  readonly engine: Engine;
  readonly written: RecordedEvent[];
  readonly changed: Map<string, Request>;
  /** Whether the commit has to survive a power failure although no request changes. */
  mustSync: boolean;
  /** The database's time: that of the first call in the transaction. */
  now(): Promise<number>;
};

export function createWriter(
  db: Transaction<Schema>,
  { engine, codes, forged }: Pick<Writer, 'engine' | 'codes' | 'forged'>,
): Writer {
  let now: Promise<number> | null = null;
  return {
    db,
    engine,
    codes,
    forged,
    written: [],
    changed: new Map(),
    mustSync: false,
    now() {
      now ??= engine.now(db);
      return now;
    },
  };
}

/**
 * Only the process that owns its database can rely on the cache. Others apply the events since the cached state, so that
 * a request with many events costs no more than a short one. Null if there is none, or if one of its events is not the bot's.
 */
export async function load(reader: Reader, id: string): Promise<Request | null> {
  try {
    return await loadOwn(reader, id);
  } catch (error) {
    if (!(error instanceof ForgedEventError)) throw error;
    reader.forged(error);
    return null;
  }
}

async function loadOwn({ db, engine, changed, codes }: Reader, id: string): Promise<Request | null> {
  const { requestCache: cache, isShared } = engine;
  const known = changed?.get(id) ?? cache.get(id);
  if (known !== undefined && (!isShared || changed?.has(id))) return known;
  const request = (await loadNewer(db, known, codes)) ?? (await loadWhole(db, id, codes));
  if (request !== null && (isShared || isNewer(request, cache.get(id)))) cache.set(id, request);
  return request;
}

/** A transaction can have been committed since the request was read. */
function isNewer({ sequence }: Request, cached: Request | undefined): boolean {
  return cached === undefined || cached.sequence < sequence;
}

/** Null if the ledger does not have the last event of the cached state, because its transaction was rolled back, or if a text was erased since. */
async function loadNewer(
  db: Reader['db'],
  cached: Request | undefined,
  codes: KeyInForce | null,
): Promise<Request | null> {
  if (cached === undefined) return null;
  const { rows } = await eventsSince(db, null, { request: cached.id, sequence: cached.sequence });
  const [last, ...since] = rows;
  if (last?.digest !== cached.lastDigest) return null;
  // The cached state has the text.
  if (since.some(({ type }) => type === 'text_erased')) return null;
  if (codes !== null) {
    const { sequence, lastDigest: digest } = cached;
    await checkOwn(db, since, codes, { sequence, digest });
  }
  return since.map(readableEvent).reduce(applyEvent, cached);
}

export async function loadWhole(db: Reader['db'], id: string, codes: KeyInForce | null): Promise<Request | null> {
  const { rows } = await eventsSince(db, null, { request: id, sequence: 1 });
  if (codes !== null) await checkOwn(db, rows, codes);
  return rows.length === 0 ? null : replay(rows.map(readableEvent));
}

/** Loads one request after the other: a connection to PostgreSQL executes one query at a time. */
export async function loadAll(reader: Reader, rows: readonly { id: string }[]): Promise<readonly Request[]> {
  const requests: Request[] = [];
  for (const { id } of rows) {
    const request = await load(reader, id);
    if (request !== null) requests.push(request);
  }
  return requests;
}

/** As they are stored, with the hashes of their texts. */
export async function loadEvents(db: Reader['db'], id: string): Promise<readonly RecordedEvent[]> {
  const { rows } = await eventsSince(db, null, { request: id, sequence: 1 });
  return rows.map(({ reason, salt, ...row }) => recordedEvent(row));
}

/** An event, and what people wrote. No state depends on names. */
type ReadRow = EventRow & { readonly reason: string | null; readonly salt: string | null };

/** With the columns that this version knows: another replica can add some while the statement is prepared. */
const eventsSince = statement<ReadRow>((db, parameter) =>
  db
    .selectFrom('events')
    .leftJoin('texts', (join) =>
      join
        .onRef('texts.request', '=', 'events.request')
        .onRef('texts.sequence', '=', 'events.sequence')
        .on('texts.kind', '=', sql.lit('reason')),
    )
    .select(eventColumns.map((column) => `events.${column}` as const))
    .select(['texts.text as reason', 'texts.salt'])
    .where('events.request', '=', parameter('request'))
    .where('events.sequence', '>=', parameter('sequence'))
    .orderBy('events.sequence')
    .compile(),
);

/** A text that is not the one whose hash the event has counts as erased: nothing is posted that nobody wrote. */
function readableEvent({ reason: text, salt, ...row }: ReadRow): RecordedEvent {
  const event = recordedEvent(row);
  const isOwn = text !== null && salt !== null && textHash({ text, salt }) === textHashes(event).reason;
  return withReason(event, isOwn ? text : null);
}
