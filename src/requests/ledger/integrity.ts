import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { formatVerifierKey, type SigningKey, verifierKeyOf } from '../../transparency-log/keys.ts';
import { digestOfRecorded, firstBroken } from '../digest.ts';
import type { RecordedEvent } from '../events.ts';
import { replay } from '../replay.ts';
import type { Request } from '../request.ts';
import { checkTexts } from './check-texts.ts';
import type { Engine } from './engine.ts';
import { createEventCodes, type KeyInForce } from './log/event-codes.ts';
import { keysBegun, logId } from './log/log-chain.ts';
import {
  type EventRow,
  indexRow,
  type LeafRow,
  type RequestRow,
  recordedEvent,
  type Schema,
  type TextRow,
} from './tables.ts';

/** What is wrong with one request in the ledger. */
export type IntegrityProblem =
  /** This event is not the one that got its place in the log. */
  | { readonly kind: 'changed'; readonly sequence: number }
  /** This event has a place in the log and is gone. */
  | { readonly kind: 'missing'; readonly sequence: number }
  /** This event has no place in the log: it was not recorded by the bot. */
  | { readonly kind: 'added'; readonly sequence: number }
  /** This event has a place in the log before the one that it follows. */
  | { readonly kind: 'reordered'; readonly sequence: number }
  /** This event has no code of the key that was in force: it was not recorded by the bot. */
  | { readonly kind: 'forged'; readonly sequence: number }
  /** The whole request is gone. */
  | { readonly kind: 'removed'; readonly events: number }
  /** The chain breaks at this event: it, or an earlier one, was changed, removed or added. */
  | { readonly kind: 'broken'; readonly sequence: number }
  /** Events at the end were removed or added. */
  | { readonly kind: 'other_end' }
  /** All its events were removed. */
  | { readonly kind: 'no_events' }
  /** There are events, but no index row: the row was removed, or the events were added. */
  | { readonly kind: 'no_request' }
  /** The given ID has neither events nor an index row. */
  | { readonly kind: 'unknown' }
  /** The chain is intact, but its events cannot be replayed. */
  | { readonly kind: 'impossible' }
  /** The index row does not match the events. */
  | { readonly kind: 'other_index' }
  /** A text beside this event is not the one whose hash the event has. */
  | { readonly kind: 'altered_text'; readonly sequence: number }
  /** A text beside this event was removed, and no event says that it was erased. */
  | { readonly kind: 'missing_text'; readonly sequence: number };

/** The result for one request. Checked are its chain, its places in the log, its index row, whether its events can be replayed, and its texts. */
export type VerifiedRequest = {
  readonly request: string;
  readonly events: readonly RecordedEvent[];
  /** The texts beside the events. */
  readonly texts: readonly TextRow[];
  /** How many texts were erased, as the events say. */
  readonly erased: number;
  readonly problems: readonly IntegrityProblem[];
  /** How many of its events wait for their places in the log. */
  readonly unsealed: number;
};

/** An event that has had no place in the log for longer than this never gets one. In milliseconds. */
const sealedWithinMs = 10_000;

/** How many requests are read at a time. */
const pageSize = 200;

/**
 * Verifies one request, or all of them in the order of their IDs. Does not block other users of the ledger. `key`: that of
 * the bot; without it, it is only checked that events have codes where a key was in force.
 */
export async function* verify(
  engine: Engine,
  only: string | null,
  key: SigningKey | null = null,
): AsyncGenerator<VerifiedRequest> {
  const codes = await knownCodes(engine.db, key);
  const read = (ids: (tx: Transaction<Schema>) => Promise<readonly string[]>) =>
    inSnapshot(engine, async (tx) => page(tx, await ids(tx), { now: await engine.now(tx), codes }));
  if (only !== null) {
    yield* await read(async () => [only]);
    return;
  }
  for (let after = ''; ; ) {
    const verified = await read((tx) => idsAfter(tx, after));
    yield* verified;
    // SQLite answers without a turn of the event loop, in which a signal such as that of Ctrl-C is noticed.
    await nextTurn();
    const last = verified.at(-1);
    if (last === undefined) return;
    after = last.request;
  }
}

/** How many events the ledger has. Counts them one by one. */
export async function countEvents({ db }: Engine): Promise<number> {
  const { events } = await db
    .selectFrom('events')
    .select(({ fn }) => fn.countAll().as('events'))
    .executeTakeFirstOrThrow();
  return Number(events);
}

/** Reads rows and events from one snapshot. */
function inSnapshot<T>({ db, isShared }: Engine, read: (tx: Transaction<Schema>) => Promise<T>): Promise<T> {
  const transaction = db.transaction();
  return (isShared ? transaction.setIsolationLevel('repeatable read') : transaction).execute(read);
}

/** The next IDs, including those that have events but no index row. */
async function idsAfter(db: Kysely<Schema>, after: string): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (
      select id from (select id from requests where id > ${after} order by id limit ${pageSize}) as indexed
      union
      select id from (
        select distinct request as id from events where request > ${after} order by request limit ${pageSize}
      ) as recorded
      union
      select id from (
        select distinct request as id from log_leaves
        where request > ${after} and request <> ${logId} order by request limit ${pageSize}
      ) as sealed
    ) as either order by id limit ${pageSize}`.execute(db);
  return rows.map(({ id }) => id);
}

async function page(db: Kysely<Schema>, ids: readonly string[], known: Known): Promise<readonly VerifiedRequest[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('requests').selectAll().where('id', 'in', ids).execute();
  const events = await db.selectFrom('events').selectAll().where('request', 'in', ids).orderBy('sequence').execute();
  const leaves = await db
    .selectFrom('log_leaves')
    .selectAll()
    .where('request', 'in', ids)
    .orderBy('sequence')
    .execute();
  const texts = await db.selectFrom('texts').selectAll().where('request', 'in', ids).orderBy('sequence').execute();
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const eventsOf = Map.groupBy(events, ({ request }) => request);
  const leavesOf = Map.groupBy(leaves, ({ request }) => request);
  const textsOf = Map.groupBy(texts, ({ request }) => request);
  return ids.map((id) => {
    const beside = { leaves: leavesOf.get(id) ?? [], texts: textsOf.get(id) ?? [] };
    return verified({ id, row: rowOf.get(id), events: eventsOf.get(id) ?? [], ...beside }, known);
  });
}

/** Everything that the ledger has of one request. */
type Stored = {
  readonly id: string;
  readonly row: Selectable<RequestRow> | undefined;
  readonly events: readonly EventRow[];
  readonly leaves: readonly LeafRow[];
  readonly texts: readonly TextRow[];
};

/** The time, and from which place on events have codes. */
type Known = { readonly now: number; readonly codes: KnownCodes };

function verified(stored: Stored, { now, codes }: Known): VerifiedRequest {
  const { id, row, events: rows, texts } = stored;
  const parsed = rows.map(parseEvent);
  const events = parsed.filter((event) => event !== null);
  const unsealed = waiting(stored, now);
  const ownDigest = createDigests();
  const inLog = [...problemsInLog(stored, parsed, { unsealed, ownDigest }), ...forgedEvents(stored, codes)];
  const unreadable = parsed.indexOf(null);
  const inChain =
    unreadable >= 0 ? ({ kind: 'broken', sequence: unreadable + 1 } as const) : problemInChain(row, events, ownDigest);
  const inEvents = inLog.length > 0 || inChain === null ? inLog : [inChain];
  const checked = checkTexts(events, texts);
  const problems = inEvents.length > 0 ? inEvents : checked.problems;
  return { request: id, events, texts, erased: checked.erased, problems, unsealed: unsealed.size };
}

type OwnDigest = (event: RecordedEvent) => string;

/** The digests that events must have, each computed once: that is most of the work. */
function createDigests(): OwnDigest {
  const digests = new Map<RecordedEvent, string>();
  return (event) => {
    const digest = digests.get(event) ?? digestOfRecorded(event);
    digests.set(event, digest);
    return digest;
  };
}

/** The events that get their places in a moment: the bot has recorded them just now. */
function waiting({ row, events }: Stored, now: number): ReadonlySet<number> {
  const { sealed_sequence: sealed = null, head_sequence: head = 0 } = row ?? {};
  const isWaiting = ({ sequence, at }: EventRow) =>
    sealed !== null && sequence > sealed && sequence <= head && Math.abs(now - at) < sealedWithinMs;
  return new Set(events.filter(isWaiting).map(({ sequence }) => sequence));
}

function problemsInLog(
  { row, events, leaves }: Stored,
  parsed: readonly (RecordedEvent | null)[],
  { unsealed, ownDigest }: { readonly unsealed: ReadonlySet<number>; readonly ownDigest: OwnDigest },
): readonly IntegrityProblem[] {
  if (events.length === 0 && leaves.length > 0) {
    return row === undefined ? [{ kind: 'removed', events: leaves.length }] : [{ kind: 'no_events' }];
  }
  const sequences = new Set([...events, ...leaves].map(({ sequence }) => sequence));
  let latestPlace = -1;
  return [...sequences]
    .toSorted((a, b) => a - b)
    .flatMap((sequence): IntegrityProblem[] => {
      const index = events.findIndex((event) => event.sequence === sequence);
      const leaf = leaves.find((one) => one.sequence === sequence);
      if (index < 0) return [{ kind: 'missing', sequence }];
      if (leaf === undefined) return unsealed.has(sequence) ? [] : [{ kind: 'added', sequence }];
      const isLater = leaf.place > latestPlace;
      latestPlace = Math.max(latestPlace, leaf.place);
      const event = parsed[index] ?? null;
      if (event === null || ownDigest(event) !== leaf.digest || event.digest !== leaf.digest) {
        return [{ kind: 'changed', sequence }];
      }
      return isLater ? [] : [{ kind: 'reordered', sequence }];
    });
}

/** Where a key was in force, each event has its code. Which one it should be is known of the newest key at most. */
type KnownCodes = { readonly from: number; readonly newest: KeyInForce | null };

async function knownCodes(db: Kysely<Schema>, key: SigningKey | null): Promise<KnownCodes> {
  const keys = await keysBegun(db);
  const last = keys.at(-1);
  const isKnown = key !== null && last?.key === formatVerifierKey(verifierKeyOf(key));
  return {
    from: keys[0]?.size ?? Number.POSITIVE_INFINITY,
    newest: isKnown ? { ...createEventCodes(key), before: last } : null,
  };
}

function forgedEvents({ events, leaves }: Stored, { from, newest }: KnownCodes): readonly IntegrityProblem[] {
  const placeOf = new Map(leaves.map(({ sequence, place }) => [sequence, place]));
  return events
    .filter(({ sequence, digest, mac }) => {
      const place = placeOf.get(sequence) ?? Number.MAX_SAFE_INTEGER;
      if (newest !== null && place >= newest.before.size) return !newest.isCodeOf(digest, mac);
      return place >= from && mac === null;
    })
    .map(({ sequence }) => ({ kind: 'forged', sequence }));
}

/** Null if the row does not hold a valid event. */
function parseEvent(row: EventRow): RecordedEvent | null {
  try {
    return recordedEvent(row);
  } catch {
    return null;
  }
}

function problemInChain(
  row: Stored['row'],
  events: readonly RecordedEvent[],
  ownDigest: OwnDigest,
): IntegrityProblem | null {
  if (row === undefined) return { kind: events.length === 0 ? 'unknown' : 'no_request' };
  if (events.length === 0) return { kind: 'no_events' };
  const sequence = firstBroken(events, undefined, ownDigest);
  if (sequence !== null) return { kind: 'broken', sequence };
  const last = events.at(-1);
  if (last?.sequence !== row.head_sequence || last.digest !== row.head_digest) return { kind: 'other_end' };
  const request = replayed(events);
  if (request === null) return { kind: 'impossible' };
  const { sealed_sequence: _, ...index } = row;
  return isDeepStrictEqual(index, indexRow(request)) ? null : { kind: 'other_index' };
}

function replayed(events: readonly RecordedEvent[]): Request | null {
  try {
    return replay(events);
  } catch {
    return null;
  }
}
