import { DatabaseSync } from 'node:sqlite';
import { digestOf } from '../../src/requests/digest.ts';
import { leafHashOf } from '../../src/requests/ledger/log/log-storage.ts';
import { logTables } from '../../src/requests/ledger/tables.ts';
import { formatCheckpoint, parseCheckpoint } from '../../src/transparency-log/checkpoint.ts';
import { readNote } from '../../src/transparency-log/signed-note.ts';
import { append, rootOf } from '../../src/transparency-log/tree.ts';
import { onServer } from '../postgres/new-database.ts';
import type { OpenedLedger } from '../requests/ledger/ledger.fixture.ts';

// What somebody can do who holds the database and knows the program, but not the key.

export type Row = Readonly<Record<string, string | number | null>>;

/** All rows of the ledger, by table. */
export type Rows = Record<string, Row[]>;

const tables = ['requests', 'events', 'tasks', 'texts', 'confirmations', ...logTables];

/** Changes the whole ledger at once, without its triggers. */
export async function rewrite(opened: OpenedLedger, change: (rows: Rows) => void): Promise<void> {
  const rows = await readRows(opened);
  change(rows);
  const statements = [...dropTriggers(opened), ...tables.toReversed().map((table) => `delete from ${table}`)];
  for (const table of tables) statements.push(...(rows[table] ?? []).map((row) => insertOf(table, row)));
  await execute(opened, statements.join(';\n'));
}

/** A copy of all rows, such as a back-up has. */
export async function readRows({ query }: OpenedLedger): Promise<Rows> {
  const read = tables.map(async (table) => [table, await query(`select * from ${table}`)] as const);
  return Object.fromEntries(await Promise.all(read)) as Rows;
}

function dropTriggers({ database: { kind } }: OpenedLedger): readonly string[] {
  return ['events', ...logTables].flatMap((table) =>
    kind === 'postgres'
      ? [`drop trigger if exists ${table}_no_change on ${table}`]
      : ['update', 'delete', 'replace'].map((change) => `drop trigger if exists ${table}_no_${change}`),
  );
}

function insertOf(table: string, row: Row): string {
  const quoted = (value: string | number | null) =>
    value === null ? 'null' : `'${String(value).replaceAll("'", "''")}'`;
  return `insert into ${table} (${Object.keys(row).join(', ')}) values (${Object.values(row).map(quoted).join(', ')})`;
}

async function execute({ database, path }: OpenedLedger, sql: string): Promise<void> {
  if (database.kind === 'postgres') {
    await onServer(`${database.url}?options=-c%20search_path%3Dcampaign_wf`, sql);
    return;
  }
  const file = new DatabaseSync(path);
  try {
    file.exec(`begin; ${sql}; commit`);
  } finally {
    file.close();
  }
}

const before = (a: Row, b: Row) => Number(a.sequence) - Number(b.sequence);

/** Every digest of a request, and its index row, as they follow from what its events say now. */
export function recomputeDigests(rows: Rows, id: string): void {
  let previous = '';
  const events = (rows.events ?? []).filter(({ request }) => request === id).toSorted(before);
  const recomputed = events.map((event, index) => {
    const { at, type, data } = event;
    const content = { type: String(type), data: JSON.parse(String(data)) };
    const place = { request: id, sequence: index + 1, at: Number(at), previousDigest: previous };
    const previous_digest = previous;
    previous = digestOf({ ...place, event: content });
    return { ...event, sequence: index + 1, previous_digest, digest: previous };
  });
  rows.events = [...(rows.events ?? []).filter(({ request }) => request !== id), ...recomputed];
  const end = { head_sequence: events.length, head_digest: previous, sealed_sequence: events.length };
  rows.requests = (rows.requests ?? []).map((row) => (row.id === id ? { ...row, ...end } : row));
}

/** The log as it would be if only the events that are there now had ever happened: leaves, hashes, and one checkpoint. */
export function recomputeLog(rows: Rows): void {
  const known = new Map(
    (rows.log_leaves ?? []).map((leaf) => [`${leaf.request} ${leaf.sequence}`, Number(leaf.place)]),
  );
  const own = (rows.log_events ?? []).map((event) => ({ ...event, request: 'LOG' }) as Row);
  const placeOf = ({ request, sequence }: Row) => known.get(`${request} ${sequence}`) ?? Number.MAX_SAFE_INTEGER;
  const events = [...own, ...(rows.events ?? [])].toSorted((a, b) => placeOf(a) - placeOf(b) || before(a, b));
  const leaves = events.map(({ request = '', sequence = 0, digest = '' }, place) => ({
    place,
    request,
    sequence,
    digest,
  }));
  const tree = append(
    0,
    [],
    leaves.map(({ digest }) => leafHashOf(String(digest))),
  );
  rows.log_leaves = leaves;
  rows.log_nodes = tree.completed.map(({ level, index, hash }) => ({
    level,
    place: index,
    hash: hash.toString('hex'),
  }));
  const [first] = rows.log_checkpoints ?? [];
  const { origin = '' } = parseCheckpoint(readNote(String(first?.note))?.text ?? '') ?? {};
  const root = rootOf(tree.frontier);
  const note = formatCheckpoint({ origin, size: tree.size, root });
  rows.log_checkpoints = [{ size: tree.size, at: first?.at ?? 0, root: root.toString('hex'), note }];
}

/** Removes requests with everything that is about them, except their places in the log. */
export function remove(rows: Rows, isMeant: (id: string) => boolean): void {
  const columns = { requests: 'id', events: 'request', tasks: 'request', texts: 'request', confirmations: 'request' };
  for (const [table, column] of Object.entries(columns)) {
    rows[table] = (rows[table] ?? []).filter((row) => !isMeant(String(row[column])));
  }
}
