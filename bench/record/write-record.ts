import { createHash } from 'node:crypto';
import { newRequestId } from '../../src/commands/vocabulary/ids.ts';
import { withDigest } from '../../src/requests/digest.ts';
import type { RecordedEvent } from '../../src/requests/events.ts';
import { createEventCodes } from '../../src/requests/ledger/log/event-codes.ts';
import { leafHashOf, readTree, type StoredTree } from '../../src/requests/ledger/log/log-storage.ts';
import { byTime } from '../../src/requests/ledger/log/places.ts';
import { type Database, openLedger, openToRead } from '../../src/requests/ledger/open-ledger.ts';
import { indexRow, type TextRow } from '../../src/requests/ledger/tables.ts';
import { replay } from '../../src/requests/replay.ts';
import { formatCheckpoint, parseCheckpoint } from '../../src/transparency-log/checkpoint.ts';
import type { SigningKey } from '../../src/transparency-log/keys.ts';
import { readNote, signNote } from '../../src/transparency-log/signed-note.ts';
import { append, rootOf } from '../../src/transparency-log/tree.ts';
import { ledgerOptions } from '../../test/requests/ledger/ledger.fixture.ts';
import { type BulkInsert, bulkInsert } from './bulk-insert.ts';
import type { SampleRequest } from './sample-requests.ts';

/** At least so many events, in whole requests, up to that time. */
export type RecordSize = { readonly events: number; readonly until: number };

const betweenRequestsMs = 20_000;
const requestsPerPage = 200;
/** A request's events come a few at a time: with its command, its announcement, its press, its outcome. */
const eventsPerBatch = 4;

type Copy = { readonly events: readonly RecordedEvent[]; readonly texts: readonly TextRow[] };

/**
 * Writes a record that is sound into a new database: copies of the samples with digests, codes, places in the log and
 * checkpoints of their own, as if the bot had recorded them over time.
 */
export async function writeRecord(
  database: Database,
  samples: readonly SampleRequest[],
  key: SigningKey | null,
  size: RecordSize,
): Promise<void> {
  const ledger = await openLedger({ ...ledgerOptions(database), logKey: key });
  const origin = parseCheckpoint(readNote(ledger.checkpoint().note)?.text ?? '')?.origin ?? '';
  await ledger.close();
  let tree = await storedTree(database);
  const bulk = await bulkInsert(database);
  const pages = pagesOf(samples, size);
  for (const page of pages) {
    await insertRequests(bulk, page, key);
    tree = await insertPlaces(bulk, page, { tree, origin, key });
  }
  await bulk.commit();
}

async function storedTree(database: Database): Promise<StoredTree> {
  const { db, close } = openToRead(database);
  const tree = await readTree(db);
  await close();
  return tree;
}

function* pagesOf(samples: readonly SampleRequest[], { events, until }: RecordSize): Generator<readonly Copy[]> {
  const perRequest = samples.reduce((sum, sample) => sum + sample.events.length, 0) / samples.length;
  const begun = until - Math.ceil(events / perRequest) * betweenRequestsMs;
  let [page, written]: [Copy[], number] = [[], 0];
  for (let number = 0; written < events; number++) {
    const sample = samples[number % samples.length];
    if (sample === undefined) return;
    page.push(copyOf(sample, number, begun + number * betweenRequestsMs));
    written += sample.events.length;
    if (page.length < requestsPerPage && written < events) continue;
    yield page;
    page = [];
  }
}

/** IDs are as random as real ones: their order is not that of time. */
function copyOf({ events, texts }: SampleRequest, number: number, begun: number): Copy {
  const request = newRequestId(createHash('sha256').update(String(number)).digest().subarray(0, 5));
  const copied: RecordedEvent[] = [];
  for (const { sequence, at, type, data } of events) {
    const own = sequence === 1 ? { ...data, interaction: `copy-${number}` } : data;
    const previousDigest = copied.at(-1)?.digest ?? '';
    const time = begun + at - (events[0]?.at ?? at);
    const event = { type, data: own } as RecordedEvent;
    copied.push(
      withDigest({
        request,
        sequence,
        at: time,
        previousDigest,
        event: { type: event.type, data: own },
      }) as RecordedEvent,
    );
  }
  return { events: copied, texts: texts.map((text) => ({ ...text, request })) };
}

async function insertRequests(bulk: BulkInsert, page: readonly Copy[], key: SigningKey | null): Promise<void> {
  const codes = key === null ? null : createEventCodes(key);
  const index = page.map(({ events }) => indexRow(replay(events)));
  const events = page.flatMap((copy) => copy.events);
  await bulk.insert(
    'requests',
    index.map((row) => ({ ...row, sealed_sequence: row.head_sequence })),
  );
  await bulk.insert(
    'events',
    events.map(({ request, sequence, at, type, data, previousDigest, digest }) => ({
      ...{ request, sequence, at, type, digest },
      data: JSON.stringify(data),
      previous_digest: previousDigest,
      mac: codes?.codeOf(digest) ?? null,
    })),
  );
  await bulk.insert(
    'texts',
    page.flatMap(({ texts }) => texts),
  );
}

type Log = { readonly tree: StoredTree; readonly origin: string; readonly key: SigningKey | null };

/** Returns the tree with the places of these events. */
async function insertPlaces(bulk: BulkInsert, page: readonly Copy[], { tree, origin, key }: Log): Promise<StoredTree> {
  const events = byTime(page.flatMap((copy) => copy.events));
  const leaves = events.map(({ request, sequence, digest }, place) => ({
    place: tree.size + place,
    request,
    sequence,
    digest,
  }));
  const nodes: { level: number; place: number; hash: string }[] = [];
  const checkpoints: { size: number; at: number; root: string; note: string }[] = [];
  let grown = tree;
  for (let start = 0; start < events.length; start += eventsPerBatch) {
    const batch = events.slice(start, start + eventsPerBatch);
    const { completed, ...after } = append(
      grown.size,
      grown.frontier,
      batch.map(({ digest }) => leafHashOf(digest)),
    );
    nodes.push(...completed.map(({ level, index, hash }) => ({ level, place: index, hash: hash.toString('hex') })));
    grown = after;
    const root = rootOf(grown.frontier);
    const text = formatCheckpoint({ origin, size: grown.size, root });
    const note = key === null ? text : signNote(text, key);
    checkpoints.push({ size: grown.size, at: batch.at(-1)?.at ?? 0, root: root.toString('hex'), note });
  }
  await bulk.insert('log_leaves', leaves);
  await bulk.insert('log_nodes', nodes);
  await bulk.insert('log_checkpoints', checkpoints);
  return grown;
}
