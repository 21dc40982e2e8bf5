import type { Kysely } from 'kysely';
import type { KnownPlaces } from '../../watches/watch-store.ts';
import { typedTerms, type WatchTerms } from '../../watches/watch-terms.ts';
import type { Writer } from '../load.ts';
import type { Schema } from '../tables.ts';
import { changeWatch, removeWatch } from './change-watch.ts';
import { isOfOrganization, newWatch, nothingToldYet, organizationRow, termsOf, type WatchRow } from './watch-rows.ts';

/** Between the first looks at many new workflows. */
const betweenFirstLooksMs = 100;

/** More rows in one statement could exceed the database's limit of parameters. */
const mostRows = 500;

/** Makes the watches of the configuration those of the ledger. What stays keeps what it remembers. */
export async function syncWatches(writer: Writer, wanted: readonly WatchTerms[], places: KnownPlaces): Promise<void> {
  const { db, engine } = writer;
  await engine.lockWatches(db);
  const rows = new Map(
    wanted.map((terms) => newWatch(terms, { source: 'file', asked: null })).map((row) => [placeOf(row), row]),
  );
  const known = await db.selectFrom('watches').select(['key', 'channel', 'source', 'asked', 'terms']).execute();
  for (const row of known.filter((one) => !rows.has(placeOf(one)))) await keepOrRemove(db, row, places);
  const before = new Map(known.map((row) => [placeOf(row), row]));
  const changed = [...rows].flatMap(([place, row]) => {
    const stored = before.get(place);
    return stored?.terms === row.terms && stored.source === 'file' ? [] : [row];
  });
  await upsert(db, changed);
  await refreshLooks(writer);
}

/** Looks at what is watched now, and tells of the organizations of that. */
export async function refreshLooks(writer: Writer): Promise<void> {
  await refreshOrganizations(writer);
  await refreshWatched(writer);
}

type Known = Pick<WatchRow, 'key' | 'channel' | 'source' | 'asked' | 'terms'>;

/** A watch that somebody asked for stays until somebody ends it. What the configuration does not have any more ends. */
async function keepOrRemove(db: Kysely<Schema>, row: Known, places: KnownPlaces): Promise<void> {
  const { source, asked } = row;
  if (asked === null) {
    if (source === 'file') await removeWatch(db, row);
    return;
  }
  const now = askedNow(row, places);
  if (now.source === source && now.terms === row.terms) return;
  const begins = now.source === 'resting' ? nothingToldYet : {};
  await changeWatch(db, row, { ...now, ...begins });
}

/** In today's names. It rests where nobody could end it, and where there is nothing to look at. */
function askedNow(row: Known, places: KnownPlaces): Pick<WatchRow, 'source' | 'terms'> {
  const { environmentOf, pausesEndAfter, aliasOf, isNamed } = places;
  const { organization, workflowId, channel } = termsOf(row);
  const environment = environmentOf(organization);
  if (environment === null || !isNamed(channel)) return { source: 'resting', terms: row.terms };
  const alias = aliasOf({ workflowId, environment });
  const pausesEndAfterMs = pausesEndAfter(organization);
  const terms = typedTerms({ organization, environment, workflowId, alias, channel, pausesEndAfterMs });
  return { source: 'command', terms: JSON.stringify(terms) };
}

/** What a channel is told of an organization follows the watches that it has there, and ends with the last of them. */
async function refreshOrganizations({ db }: Writer): Promise<void> {
  const all = await db
    .selectFrom('watches')
    .select(['key', 'channel', 'terms'])
    .where('source', '<>', 'resting')
    .orderBy('key')
    .execute();
  const current = all.filter((row) => !isOfOrganization(row)).map((row) => organizationRow(termsOf(row)));
  for (const { key, channel, terms } of all.filter(isOfOrganization)) {
    const now = current.find((row) => row.key === key && row.channel === channel);
    if (now?.terms === terms) continue;
    const place = { key, channel };
    await (now === undefined ? removeWatch(db, place) : changeWatch(db, place, { terms: now.terms }));
  }
}

function placeOf({ key, channel }: Pick<WatchRow, 'key' | 'channel'>): string {
  return `${channel} ${key}`;
}

/** In one order, so that two processes do not wait for each other. */
async function upsert(db: Kysely<Schema>, rows: readonly WatchRow[]): Promise<void> {
  const sorted = rows.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  for (let first = 0; first < sorted.length; first += mostRows) {
    await db
      .insertInto('watches')
      .values(sorted.slice(first, first + mostRows))
      .onConflict((conflict) =>
        conflict.columns(['key', 'channel']).doUpdateSet((eb) => ({
          source: eb.ref('excluded.source'),
          terms: eb.ref('excluded.terms'),
        })),
      )
      .execute();
  }
}

/** Looks at what is watched, as often as the channel that wants it most often, and at nothing else. */
async function refreshWatched(writer: Writer): Promise<void> {
  const { db } = writer;
  const awake = db.selectFrom('watches').select(['key', 'terms']).where('source', '<>', 'resting');
  const watches = (await awake.execute()).filter((row) => !isOfOrganization(row));
  const byKey = Map.groupBy(watches, ({ key }) => key);
  const known = await db.selectFrom('watched').select(['key', 'every_ms', 'due_at']).execute();
  const now = await writer.now();
  for (const { key, every_ms, due_at } of known) {
    const everyMs = shortest(byKey.get(key) ?? []);
    if (everyMs === null) await db.deleteFrom('watched').where('key', '=', key).execute();
    else if (everyMs !== every_ms) {
      const due = Math.min(due_at, now + everyMs);
      await db.updateTable('watched').set({ every_ms: everyMs, due_at: due }).where('key', '=', key).execute();
    }
  }
  const isKnown = new Set(known.map(({ key }) => key));
  const added = [...byKey]
    .filter(([key]) => !isKnown.has(key))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, rows], index) => newWatched(key, rows, now + index * betweenFirstLooksMs));
  for (let first = 0; first < added.length; first += mostRows) {
    await db
      .insertInto('watched')
      .values(added.slice(first, first + mostRows))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

type StoredTerms = Pick<WatchRow, 'terms'>;

function shortest(rows: readonly StoredTerms[]): number | null {
  return rows.length === 0 ? null : Math.min(...rows.map((row) => termsOf(row).everyMs));
}

function newWatched(key: string, rows: readonly StoredTerms[], due_at: number) {
  const [{ organization, workflowId }] = rows.map(termsOf) as [WatchTerms, ...WatchTerms[]];
  return {
    ...{ key, organization, workflow_id: workflowId, every_ms: shortest(rows) ?? 0, due_at },
    ...{ was_due: null, lease: null, lease_until: null, failures: 0, failing_since: null },
    ...{ answered_at: null, reading: null, runs: null },
  };
}
