import type { Kysely } from 'kysely';
import { append, frontierOf, leafHash, type Position, rootOf } from '../../../transparency-log/tree.ts';
import type { LeafRow, NodeRow, Schema } from '../tables.ts';

/** The tree of the log, as far as it is stored: its size and the roots of its perfect subtrees, from left to right. */
export type StoredTree = { readonly size: number; readonly frontier: readonly Buffer[] };

/** How many rows are inserted by one statement. */
const rowsPerStatement = 500;

/** A hash of the tree was removed. */
export class MissingNodeError extends Error {
  override name = 'MissingNodeError';
}

/** Reads a logarithm of the log: the last leaf's place, and the perfect subtrees of a tree of that size. */
export async function readTree(db: Kysely<Schema>): Promise<StoredTree> {
  const last = await db.selectFrom('log_leaves').select('place').orderBy('place', 'desc').limit(1).executeTakeFirst();
  const size = last === undefined ? 0 : last.place + 1;
  return { size, frontier: await readNodes(db, frontierOf(size)) };
}

/** The hashes of perfect subtrees, in the order of `positions`. Rejects with a MissingNodeError. */
export async function readNodes(db: Kysely<Schema>, positions: readonly Position[]): Promise<readonly Buffer[]> {
  const leaves = positions.filter(({ level }) => level === 0).map(({ index }) => index);
  const nodes = positions.filter(({ level }) => level > 0);
  const found = new Map<string, Buffer>();
  if (leaves.length > 0) {
    const rows = await db.selectFrom('log_leaves').select(['place', 'digest']).where('place', 'in', leaves).execute();
    for (const { place, digest } of rows) found.set(keyOf({ level: 0, index: place }), leafHashOf(digest));
  }
  if (nodes.length > 0) {
    const rows = await db
      .selectFrom('log_nodes')
      .selectAll()
      .where(({ eb, or, and }) =>
        or(nodes.map(({ level, index }) => and([eb('level', '=', level), eb('place', '=', index)]))),
      )
      .execute();
    for (const { level, place, hash } of rows) found.set(keyOf({ level, index: place }), Buffer.from(hash, 'hex'));
  }
  return positions.map((position) => {
    const hash = found.get(keyOf(position));
    if (hash === undefined) throw new MissingNodeError(`the log lacks its node ${keyOf(position)}`);
    return hash;
  });
}

/** Stands for a position in maps and messages. */
export function keyOf({ level, index }: Position): string {
  return `${level}/${index}`;
}

/** The hash of an event's leaf, whose data is the 32 bytes of the event's digest. */
export function leafHashOf(digest: string): Buffer {
  return leafHash(Buffer.from(digest, 'hex'));
}

/** Gives these events the next places, and stores every perfect subtree that they complete. */
export async function appendLeaves(
  db: Kysely<Schema>,
  tree: StoredTree,
  events: readonly Omit<LeafRow, 'place'>[],
): Promise<StoredTree> {
  const leaves = events.map((event, index) => ({ ...event, place: tree.size + index }));
  for (const rows of inChunks(leaves)) await db.insertInto('log_leaves').values(rows).execute();
  return appendNodes(db, tree, events);
}

/** The same for leaves that are stored already. */
export async function appendNodes(
  db: Kysely<Schema>,
  tree: StoredTree,
  leaves: readonly Pick<LeafRow, 'digest'>[],
): Promise<StoredTree> {
  const { completed, ...after } = append(
    tree.size,
    tree.frontier,
    leaves.map(({ digest }) => leafHashOf(digest)),
  );
  const nodes = completed.map(
    ({ level, index, hash }): NodeRow => ({ level, place: index, hash: hash.toString('hex') }),
  );
  for (const rows of inChunks(nodes)) await db.insertInto('log_nodes').values(rows).execute();
  return after;
}

export function rootHash({ frontier }: StoredTree): Buffer {
  return rootOf(frontier);
}

function inChunks<T>(rows: readonly T[]): readonly T[][] {
  return Array.from({ length: Math.ceil(rows.length / rowsPerStatement) }, (_, index) =>
    rows.slice(index * rowsPerStatement, (index + 1) * rowsPerStatement),
  );
}
