import { hash } from 'node:crypto';

// The append-only Merkle tree of RFC 6962, section 2.1 (unchanged in RFC 9162), with SHA-256. Every hash has 32 bytes.
//
// A perfect subtree (2^level leaves) never changes once it is complete. So a tree is stored as its perfect subtrees, each
// written once: a new leaf costs one hash on average, and a root or a proof reads a logarithmic number of them.
//
// Sizes and indexes are exact up to 2^53 - 1: no operator here converts to 32 bits.

/** The perfect subtree over the leaves from index · 2^level up to, and without, (index + 1) · 2^level. */
export type Position = { level: number; index: number };

/** A perfect subtree with its root hash. */
export type Subtree = Position & { hash: Buffer };

// The prefixes keep a leaf from being passed off as a node, and the reverse (second preimages).
const leafPrefix = Buffer.of(0x00);
const nodePrefix = Buffer.of(0x01);

/** The root of the tree without leaves: SHA-256 of nothing. */
export const emptyRoot: Buffer = sha256();

export function leafHash(data: Buffer): Buffer {
  return sha256(leafPrefix, data);
}

export function nodeHash(left: Buffer, right: Buffer): Buffer {
  return sha256(nodePrefix, left, right);
}

/** In one call, which takes half the time of a hash that is updated. */
function sha256(...parts: readonly Buffer[]): Buffer {
  return hash('sha256', Buffer.concat(parts), 'buffer');
}

/** Whether this can be a number of leaves, or a leaf's index. */
export function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** The perfect subtrees, left to right, that make up a tree of this size: one for each 1 in its binary form. */
export function frontierOf(size: number): readonly Position[] {
  if (!isSize(size)) throw new RangeError(`A tree cannot have ${size} leaves.`);
  const frontier: Position[] = [];
  let start = 0;
  for (let level = 52; level >= 0; level--) {
    const width = 2 ** level;
    if (size - start < width) continue;
    frontier.push({ level, index: start / width });
    start += width;
  }
  return frontier;
}

/**
 * Appends leaves to a tree of which only the size and the roots of its frontier are known. `completed` holds the perfect
 * subtrees of two and more leaves that these leaves complete: the only new nodes that are ever stored.
 */
export function append(
  size: number,
  frontier: readonly Buffer[],
  leafHashes: readonly Buffer[],
): { size: number; frontier: readonly Buffer[]; completed: readonly Subtree[] } {
  if (frontier.length !== frontierOf(size).length) throw new RangeError(`This is no frontier of ${size} leaves.`);
  const roots = [...frontier];
  const completed: Subtree[] = [];
  for (const [added, hash] of leafHashes.entries()) {
    let subtree: Subtree = { level: 0, index: size + added, hash };
    // As a carry in binary addition: a right child completes its parent, whose left child is the frontier's last root.
    while (subtree.index % 2 === 1) {
      subtree = parentOf(roots.pop() as Buffer, subtree);
      completed.push(subtree);
    }
    roots.push(subtree.hash);
  }
  return { size: size + leafHashes.length, frontier: roots, completed };
}

function parentOf(left: Buffer, right: Subtree): Subtree {
  return { level: right.level + 1, index: (right.index - 1) / 2, hash: nodeHash(left, right.hash) };
}

/** The root of the tree that these perfect subtrees make up, from the largest (left) to the smallest. */
export function rootOf(frontier: readonly Buffer[]): Buffer {
  if (frontier.length === 0) return emptyRoot;
  return frontier.reduceRight((right, left) => nodeHash(left, right));
}
