import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { checkpointIn } from '../../../transparency-log/checkpoint.ts';
import {
  formatVerifierKey,
  readVerifierKey,
  type SigningKey,
  type VerifierKey,
  verifierKeyOf,
} from '../../../transparency-log/keys.ts';
import { readNote, signersOfInBackground } from '../../../transparency-log/signed-note.ts';
import { append, type Subtree } from '../../../transparency-log/tree.ts';
import type { CheckpointRow, LeafRow, Schema } from '../tables.ts';
import { type BegunKey, keysBegun } from './log-chain.ts';
import { keyOf, leafHashOf, rootHash, type StoredTree } from './log-storage.ts';
import { explains, type Restoration, restorations } from './restorations.ts';
import { verifyLogEvents } from './verify-log-events.ts';

/** What is wrong with the log. */
export type LogProblem =
  /** The leaf of this place was removed. What follows is not verified. */
  | { readonly kind: 'gap'; readonly place: number }
  /** The stored hash over the places [from, to) does not follow from their leaves: a leaf or the hash was changed. */
  | { readonly kind: 'node'; readonly from: number; readonly to: number }
  /** The checkpoint of that size does not follow from the leaves, or is not whole. */
  | { readonly kind: 'checkpoint'; readonly size: number }
  /** The log does not end where its newest checkpoint does. */
  | { readonly kind: 'other_size'; readonly size: number; readonly newest: number }
  /** An event of the log itself was changed, removed or added, or was not recorded by the bot. */
  | { readonly kind: 'log_event'; readonly sequence: number }
  /** The checkpoint of that size is not signed with the key that was in force. */
  | { readonly kind: 'unsigned'; readonly size: number }
  /** Another key began last than the one that is trusted. */
  | { readonly kind: 'other_key' }
  /** A key is trusted, and none has begun. */
  | { readonly kind: 'no_key' }
  /** The log is older than this given checkpoint, the largest one: later events are missing. `others`: those that are too large as well. */
  | ({ readonly kind: 'behind'; readonly size: number } & Misfit)
  /** At the size of this given checkpoint, the smallest of them, the log was another one: it was written anew. `others`: those that are of another log as well. */
  | ({ readonly kind: 'other_log' } & Misfit);

/** The bot started on a ledger that was behind, and recorded that. `explained`: how many given checkpoints were lost by that, and are no problem. */
export type RestoredNote = {
  readonly kind: 'restored';
  readonly restoration: Restoration;
  readonly explained: number;
};

type Misfit = { readonly given: GivenCheckpoint; readonly others: readonly GivenCheckpoint[] };

/**
 * What somebody has kept of an earlier checkpoint. `root`: hexadecimal digits, at least the first 16. `at`: when it was
 * recorded, in milliseconds since the epoch; absent where that is not known.
 */
export type GivenCheckpoint = { readonly size: number; readonly root: string; readonly at?: number };

/** How many leaves are read at a time. */
const pageSize = 5_000;

/** `key`: that of the bot, which is trusted. Null: that signatures fit the keys of the log itself. */
export type Trusted = { readonly given: readonly GivenCheckpoint[]; readonly key: SigningKey | null };

/**
 * Computes the tree anew, and compares it with what is stored, and with what is trusted. Returns the size of the log.
 * Does not block other users of the ledger. `onProgress` is called now and then with how many leaves are verified.
 */
export async function* verifyLog(
  db: Kysely<Schema>,
  { given, key }: Trusted,
  onProgress: (done: number, size: number) => void = () => {},
): AsyncGenerator<LogProblem | RestoredNote, number> {
  for await (const sequence of verifyLogEvents(db, key)) yield { kind: 'log_event', sequence };
  const begun = await keysBegun(db);
  yield* verifyKeys(begun, key);
  const keys = begun.map((one) => ({ size: one.size, verifier: readVerifierKey(one.key) }));
  const { size, newest } = await endOf(db);
  if (size !== newest) yield { kind: 'other_size', size, newest };
  const givenAt = Map.groupBy(given, (one) => one.size);
  const wrong = new Set<string>();
  const misfits: GivenCheckpoint[] = [];
  let tree: StoredTree = { size: 0, frontier: [] };
  let unsigned: Promise<readonly LogProblem[]> = Promise.resolve([]);
  while (tree.size < size) {
    const leaves = await leavesFrom(db, tree.size, Math.min(size, tree.size + pageSize));
    const gap = leaves.findIndex(({ place }, index) => place !== tree.size + index);
    const whole = gap < 0 ? leaves : leaves.slice(0, gap);
    const end = tree.size + whole.length;
    const checkpoints = await checkpointsIn(db, tree.size, end);
    // They are verified while the next leaves are read.
    yield* await unsigned;
    unsigned = unsignedAmong(checkpoints, keys);
    const grown = grow(tree, whole, { checkpoints, givenAt });
    yield* grown.problems;
    misfits.push(...grown.misfits);
    yield* wrongNodes(grown.completed, await nodesIn(db, tree.size, grown.tree.size), wrong);
    tree = grown.tree;
    onProgress(tree.size, size);
    // As between the pages of requests.
    await nextTurn();
    if (gap >= 0 || leaves.length === 0) {
      yield { kind: 'gap', place: tree.size };
      break;
    }
  }
  yield* await unsigned;
  const larger = given.filter((one) => one.size > size).toSorted((a, b) => b.size - a.size);
  yield* compared(size, { misfits, larger }, await restorations(db, key));
  return size;
}

type Unfit = {
  /** The given checkpoints that are of another log, the smallest first. */
  readonly misfits: readonly GivenCheckpoint[];
  /** The given checkpoints that are too large, the largest first. */
  readonly larger: readonly GivenCheckpoint[];
};

/** What was lost when an older copy was restored is no problem, as far as the bot has recorded that. */
function* compared(
  size: number,
  { misfits, larger }: Unfit,
  restored: readonly Restoration[],
): Generator<LogProblem | RestoredNote> {
  const lostBy = ({ size, at }: GivenCheckpoint) =>
    at === undefined ? undefined : restored.find((restoration) => explains(restoration, { size, at }));
  const lost = Map.groupBy([...misfits, ...larger], lostBy);
  for (const restoration of restored) {
    yield { kind: 'restored', restoration, explained: lost.get(restoration)?.length ?? 0 };
  }
  const unexplained = new Set(lost.get(undefined));
  const [behind, ...othersBehind] = larger.filter((one) => unexplained.has(one));
  if (behind !== undefined) yield { kind: 'behind', size, given: behind, others: othersBehind };
  const [misfit, ...others] = misfits.filter((one) => unexplained.has(one));
  if (misfit !== undefined) yield { kind: 'other_log', given: misfit, others };
}

/** In one statement: a batch of leaves and its checkpoint are committed together. */
async function endOf(db: Kysely<Schema>): Promise<{ readonly size: number; readonly newest: number }> {
  const { place, newest } = await db
    .selectNoFrom(({ selectFrom }) => [
      selectFrom('log_leaves')
        .select(({ fn }) => fn.max('place').as('place'))
        .as('place'),
      selectFrom('log_checkpoints')
        .select(({ fn }) => fn.max('size').as('size'))
        .as('newest'),
    ])
    .executeTakeFirstOrThrow();
  return { size: place === null ? 0 : Number(place) + 1, newest: Number(newest ?? 0) };
}

function leavesFrom(db: Kysely<Schema>, from: number, to: number): Promise<LeafRow[]> {
  const leaves = db.selectFrom('log_leaves').selectAll();
  return leaves.where('place', '>=', from).where('place', '<', to).orderBy('place').execute();
}

function checkpointsIn(db: Kysely<Schema>, after: number, to: number): Promise<CheckpointRow[]> {
  const checkpoints = db.selectFrom('log_checkpoints').selectAll();
  return checkpoints.where('size', '>', after).where('size', '<=', to).orderBy('size').execute();
}

/** The stored hashes of the perfect subtrees that the leaves [from, to) complete, by their positions. */
async function nodesIn(db: Kysely<Schema>, from: number, to: number): Promise<ReadonlyMap<string, string>> {
  const levels = Array.from({ length: Math.floor(Math.log2(Math.max(to, 1))) }, (_, index) => index + 1);
  if (levels.length === 0) return new Map();
  const rows = await db
    .selectFrom('log_nodes')
    .selectAll()
    .where(({ eb, or, and }) =>
      or(
        levels.map((level) =>
          and([
            eb('level', '=', level),
            eb('place', '>=', Math.floor(from / 2 ** level)),
            eb('place', '<', Math.floor(to / 2 ** level)),
          ]),
        ),
      ),
    )
    .execute();
  return new Map(rows.map(({ level, place, hash }) => [keyOf({ level, index: place }), hash]));
}

type Grown = {
  readonly tree: StoredTree;
  readonly completed: readonly Subtree[];
  readonly problems: readonly LogProblem[];
  /** The given checkpoints that are of another log, the smallest first. */
  readonly misfits: readonly GivenCheckpoint[];
};

type Known = {
  readonly checkpoints: readonly CheckpointRow[];
  /** By their sizes. */
  readonly givenAt: ReadonlyMap<number, readonly GivenCheckpoint[]>;
};

/** A key, and the size of the log before it began. `verifier`: null if it is none. */
type KeyOfLog = { readonly size: number; readonly verifier: VerifierKey | null };

/** Appends the leaves, and compares the tree with each checkpoint at its size. */
function grow(tree: StoredTree, leaves: readonly LeafRow[], { checkpoints, givenAt }: Known): Grown {
  const end = tree.size + leaves.length;
  const givenSizes = [...givenAt.keys()].filter((size) => size > tree.size && size <= end);
  const sizes = [...checkpoints.map(({ size }) => size), ...givenSizes, end];
  const completed: Subtree[] = [];
  const problems: LogProblem[] = [];
  const misfits: GivenCheckpoint[] = [];
  const recorded = new Map(checkpoints.map((one) => [one.size, one]));
  let current = tree;
  for (const size of new Set(sizes.toSorted((a, b) => a - b))) {
    const hashes = leaves.slice(current.size - tree.size, size - tree.size).map(({ digest }) => leafHashOf(digest));
    const after = append(current.size, current.frontier, hashes);
    completed.push(...after.completed);
    current = after;
    const checkpoint = recorded.get(size);
    const root = rootHash(current).toString('hex');
    if (checkpoint !== undefined && !fits(checkpoint, root)) problems.push({ kind: 'checkpoint', size });
    misfits.push(...(givenAt.get(size) ?? []).filter((given) => !root.startsWith(given.root)));
  }
  return { tree: current, completed, problems, misfits };
}

function verifyKeys(keys: readonly BegunKey[], trusted: SigningKey | null): readonly LogProblem[] {
  const last = keys.at(-1);
  if (trusted === null || last?.key === formatVerifierKey(verifierKeyOf(trusted))) return [];
  return [{ kind: last === undefined ? 'no_key' : 'other_key' }];
}

async function unsignedAmong(
  checkpoints: readonly CheckpointRow[],
  keys: readonly KeyOfLog[],
): Promise<readonly LogProblem[]> {
  const areSigned = await Promise.all(checkpoints.map((checkpoint) => isSigned(checkpoint, keys)));
  return checkpoints.filter((_, index) => areSigned[index] !== true).map(({ size }) => ({ kind: 'unsigned', size }));
}

/** With the key that was in force, or the next one, which seals what was left when it began. A key signs its own beginning first. */
async function isSigned({ size, note }: CheckpointRow, keys: readonly KeyOfLog[]): Promise<boolean> {
  const inForce = keys.findLastIndex((key) => key.size < size);
  if (inForce < 0) return true;
  const accepted = keys.slice(inForce, inForce + 2).flatMap(({ verifier }) => verifier ?? []);
  const read = readNote(note);
  return read !== null && (await signersOfInBackground(read, accepted)).kind === 'signed';
}

/** No line follows the root, except in the first checkpoint of a ledger that was migrated. */
const knownExtension = /^migrated \d+$/;

/** `actual`: the root of the tree at this size, in hex. */
function fits({ size, root, note }: CheckpointRow, actual: string): boolean {
  const said = checkpointIn(note);
  return (
    root === actual &&
    said?.size === size &&
    said.root.toString('hex') === root &&
    said.extensions.every((line) => knownExtension.test(line))
  );
}

/** Only the smallest subtrees that are wrong: those above them are wrong as well. */
function* wrongNodes(
  completed: readonly Subtree[],
  stored: ReadonlyMap<string, string>,
  wrong: Set<string>,
): Generator<LogProblem> {
  for (const { level, index, hash } of completed) {
    if (stored.get(keyOf({ level, index })) === hash.toString('hex')) continue;
    wrong.add(keyOf({ level, index }));
    const children = [2 * index, 2 * index + 1].map((child) => keyOf({ level: level - 1, index: child }));
    if (children.some((child) => wrong.has(child))) continue;
    yield { kind: 'node', from: index * 2 ** level, to: (index + 1) * 2 ** level };
  }
}
