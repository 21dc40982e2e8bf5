import type { Kysely, Transaction } from 'kysely';
import type { RecordedEvent } from '../events.ts';
import { applyEvent, replay } from '../replay.ts';
import type { Request } from '../request.ts';
import type { Engine } from './engine.ts';
import { statement } from './statement.ts';
import { type EventRow, eventColumns, type Schema } from './tables.ts';

/** Where requests are loaded from: the database, or a transaction with the requests that it has changed. */
export type Reader = {
  readonly db: Kysely<Schema>;
  readonly engine: Pick<Engine, 'requestCache' | 'isShared'>;
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

export function createWriter(db: Transaction<Schema>, engine: Engine): Writer {
  let now: Promise<number> | null = null;
  return {
    db,
    engine,
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
 * a request with many events costs no more than a short one.
 */
export async function load({ db, engine, changed }: Reader, id: string): Promise<Request | null> {
  const { requestCache: cache, isShared } = engine;
  const known = changed?.get(id) ?? cache.get(id);
  if (known !== undefined && (!isShared || changed?.has(id))) return known;
  const request = (await loadNewer(db, known)) ?? (await loadWhole(db, id));
  if (request !== null && (isShared || isNewer(request, cache.get(id)))) cache.set(id, request);
  return request;
}

/** A transaction can have been committed since the request was read. */
function isNewer({ sequence }: Request, cached: Request | undefined): boolean {
  return cached === undefined || cached.sequence < sequence;
}

/** Null if the ledger does not have the last event of the cached state, because its transaction was rolled back. */
async function loadNewer(db: Reader['db'], cached: Request | undefined): Promise<Request | null> {
  if (cached === undefined) return null;
  const { rows } = await eventsSince(db, null, { request: cached.id, sequence: cached.sequence });
  const [last, ...since] = rows;
  if (last?.digest !== cached.lastDigest) return null;
  return since.map(recordedEvent).reduce(applyEvent, cached);
}

async function loadWhole(db: Reader['db'], id: string): Promise<Request | null> {
  const events = await loadEvents(db, id);
  return events.length === 0 ? null : replay(events);
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

export async function loadEvents(db: Reader['db'], id: string): Promise<readonly RecordedEvent[]> {
  const { rows } = await eventsSince(db, null, { request: id, sequence: 1 });
  return rows.map(recordedEvent);
}

/** With the columns that this version knows: another replica can add some while the statement is prepared. */
const eventsSince = statement((db, parameter) =>
  db
    .selectFrom('events')
    .select(eventColumns)
    .where('request', '=', parameter('request'))
    .where('sequence', '>=', parameter('sequence'))
    .orderBy('sequence')
    .compile(),
);

/** The data is not validated: the database refuses changes, and the digests reveal them. */
export function recordedEvent({ previous_digest, data, ...row }: EventRow): RecordedEvent {
  return { ...row, data: JSON.parse(data), previousDigest: previous_digest } as RecordedEvent;
}
