import { emptyRoot, frontierOf, isSize, nodeHash, type Position, rootOf } from './tree.ts';

// The inclusion and consistency proofs of RFC 9162, sections 2.1.3 and 2.1.4 (the same as in RFC 6962). A proof is a list of
// hashes, from the leaves up. It is made after the RFC's recursive definition, and verified by the RFC's other algorithm.

/**
 * Reads the roots of perfect subtrees, in the order given; level 0 are the leaves' hashes. All of them are complete at the
 * size that the proof is for.
 */
export type ReadSubtrees = (positions: readonly Position[]) => Promise<readonly Buffer[]>;

/** The leaves from `start` up to, and without, `end`. */
type Range = { start: number; end: number };

/** Proves that a tree of `size` leaves has a certain leaf at `index`. */
export async function inclusionProof(index: number, size: number, read: ReadSubtrees): Promise<readonly Buffer[]> {
  if (!isSize(index) || !isSize(size) || index >= size) {
    throw new RangeError(`A tree of ${size} leaves has no leaf ${index}.`);
  }
  return rootsOf(pathTo(index, { start: 0, end: size }), read);
}

/** Proves that the first `first` leaves of a tree of `second` leaves are those of the tree when it had `first`. */
export async function consistencyProof(first: number, second: number, read: ReadSubtrees): Promise<readonly Buffer[]> {
  if (!isSize(first) || !isSize(second) || first > second) {
    throw new RangeError(`A tree of ${second} leaves never had ${first}.`);
  }
  // The RFC defines no proof from the empty tree; it is a part of every tree, so nothing has to be shown.
  if (first === 0) return [];
  return rootsOf(subproof(first, { start: 0, end: second }, true), read);
}

/** PATH(m, D_n) of RFC 9162, section 2.1.3.1: the subtrees beside the way to a leaf, from the leaf up. */
function pathTo(index: number, range: Range): Range[] {
  if (range.end - range.start === 1) return [];
  const { left, right } = children(range);
  return index < right.start ? [...pathTo(index, left), right] : [...pathTo(index, right), left];
}

/**
 * SUBPROOF(m, D_n, b) of RFC 9162, section 2.1.4.1: subtrees of which both the tree of `first` leaves and the later one can be
 * put together. `isFirst`: the range so far is the whole first tree, whose root the verifier has.
 */
function subproof(first: number, range: Range, isFirst: boolean): Range[] {
  if (first === range.end) return isFirst ? [] : [range];
  const { left, right } = children(range);
  return first <= right.start ? [...subproof(first, left, isFirst), right] : [...subproof(first, right, false), left];
}

/** The left child has the largest power of two of leaves that is smaller than the whole. */
function children({ start, end }: Range): { left: Range; right: Range } {
  let width = 1;
  while (width * 2 < end - start) width *= 2;
  return { left: { start, end: start + width }, right: { start: start + width, end } };
}

/** At most one of a proof's ranges is not perfect itself, so that the number of positions stays logarithmic. */
async function rootsOf(ranges: readonly Range[], read: ReadSubtrees): Promise<readonly Buffer[]> {
  const parts = ranges.map(perfectSubtrees);
  const positions = parts.flat();
  const hashes = positions.length === 0 ? [] : await read(positions);
  if (hashes.length !== positions.length) {
    throw new Error(`${hashes.length} of ${positions.length} nodes of the tree were found.`);
  }
  let next = 0;
  return parts.map(({ length }) => {
    const frontier = hashes.slice(next, next + length);
    next += length;
    return rootOf(frontier);
  });
}

/** A range of a proof starts at a multiple of its largest perfect subtree, so its subtrees are those of a tree, moved. */
function perfectSubtrees({ start, end }: Range): Position[] {
  return frontierOf(end - start).map(({ level, index }) => ({ level, index: index + start / 2 ** level }));
}

/**
 * Whether `proof` shows that the tree with this size and root has the leaf with this hash at `index`. Whatever is given, the
 * answer is true or false, and no error.
 *
 * A size is certain only together with its root, as in a checkpoint: where the leaf's way up is the same in two sizes (such
 * as 3 and 4), the proof holds for both.
 */
export function verifyInclusion(claim: {
  leafHash: Buffer;
  index: number;
  size: number;
  proof: readonly Buffer[];
  root: Buffer;
}): boolean {
  const { leafHash, index, size, proof, root } = claim;
  if (!isSize(index) || !isSize(size) || index >= size) return false;
  if (![leafHash, root, ...proof].every(isHash)) return false;
  const siblings = siblingsAbove(index, size - 1, proof);
  return siblings !== null && climb(leafHash, siblings).equals(root);
}

type Growth = { first: number; second: number; firstRoot: Buffer; secondRoot: Buffer; proof: readonly Buffer[] };

/**
 * Whether `proof` shows that the tree with the first size and root became the one with the second by appending alone.
 * Whatever is given, the answer is true or false, and no error.
 */
export function verifyConsistency(claim: Growth): boolean {
  const { first, second, firstRoot, secondRoot, proof } = claim;
  if (!isSize(first) || !isSize(second) || first > second) return false;
  if (![firstRoot, secondRoot, ...proof].every(isHash)) return false;
  // The RFC leaves out the empty tree. As in C2SP tlog-witness: its root is SHA-256 of nothing, and its proof is empty.
  if (first === 0 && !firstRoot.equals(emptyRoot)) return false;
  if (first === second) return proof.length === 0 && firstRoot.equals(secondRoot);
  if (first === 0) return proof.length === 0;
  return verifyGrowth(claim);
}

/** RFC 9162, section 2.1.4.2, for 0 < first < second. */
function verifyGrowth({ first, second, firstRoot, secondRoot, proof }: Growth): boolean {
  // The proof starts with the last perfect subtree of the first tree; where that is the whole tree, its root is left out.
  const isPerfect = frontierOf(first).length === 1;
  const [start, ...above] = isPerfect ? [firstRoot, ...proof] : proof;
  if (start === undefined) return false;
  let [index, last] = [first - 1, second - 1];
  while (index % 2 === 1) [index, last] = [parent(index), parent(last)];
  const siblings = siblingsAbove(index, last, above);
  if (siblings === null) return false;
  // What stands to the left was there before; what stands to the right came later.
  const before = siblings.filter(({ side }) => side === 'left');
  return climb(start, before).equals(firstRoot) && climb(start, siblings).equals(secondRoot);
}

type Sibling = { side: 'left' | 'right'; hash: Buffer };

/**
 * The steps 4 and 6 of the RFC's two algorithms: on which side each hash of a proof stands. `index` is the number of the node
 * on its level, `last` that of the level's last node (fn and sn in the RFC). Null: the way up has another number of hashes.
 */
function siblingsAbove(index: number, last: number, proof: readonly Buffer[]): readonly Sibling[] | null {
  const siblings: Sibling[] = [];
  for (const hash of proof) {
    if (last === 0) return null;
    const side = index % 2 === 1 || index === last ? 'left' : 'right';
    siblings.push({ side, hash });
    // A last node without a sibling to its right rises to the level where it is a right child.
    while (side === 'left' && index % 2 === 0 && index !== 0) [index, last] = [parent(index), parent(last)];
    [index, last] = [parent(index), parent(last)];
  }
  return last === 0 ? siblings : null;
}

/** The number of a node's parent on the level above. */
function parent(index: number): number {
  return Math.floor(index / 2);
}

/** The root that a node and its siblings on the way up lead to. */
function climb(node: Buffer, siblings: readonly Sibling[]): Buffer {
  return siblings.reduce(
    (below, { side, hash }) => (side === 'left' ? nodeHash(hash, below) : nodeHash(below, hash)),
    node,
  );
}

function isHash(value: Buffer): boolean {
  return Buffer.isBuffer(value) && value.length === 32;
}
