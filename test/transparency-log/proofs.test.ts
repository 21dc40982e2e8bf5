import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  consistencyProof,
  inclusionProof,
  verifyConsistency,
  verifyInclusion,
} from '../../src/transparency-log/proofs.ts';
import { emptyRoot, leafHash, nodeHash, type Position } from '../../src/transparency-log/tree.ts';
import { naiveTree, sparseRoot } from './naive-tree.fixture.ts';
import { someLeaves, storedTree } from './stored-tree.fixture.ts';
import * as vectors from './vectors.fixture.ts';

const entries = someLeaves(10_000);
const naive = naiveTree(entries);
const tree = storedTree();
tree.append(entries);

const leafAt = (index: number) => leafHash(entries[index] as Buffer);

/** A tree's size with the index of one of its leaves, and two sizes in order. */
const leafAndSize = fc
  .integer({ min: 1, max: 10_000 })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1) }));
const twoSizes = fc
  .integer({ min: 1, max: 10_000 })
  .chain((second) => fc.record({ second: fc.constant(second), first: fc.integer({ min: 1, max: second }) }));

describe('the published proofs', () => {
  const published = storedTree();
  published.append(vectors.leaves);
  const rootAt = (size: number) => vectors.roots[size - 1] as Buffer;

  it.each(vectors.inclusionProofs)('of leaf $index in $size', async ({ index, size, proof }) => {
    expect(await inclusionProof(index, size, published.read)).toEqual(proof);
    const hash = vectors.subtrees[0]?.[index] as Buffer;
    expect(verifyInclusion({ leafHash: hash, index, size, proof, root: rootAt(size) })).toBe(true);
  });

  it.each(vectors.consistencyProofs)('from $first to $second', async ({ first, second, proof }) => {
    expect(await consistencyProof(first, second, published.read)).toEqual(proof);
    const [firstRoot, secondRoot] = [rootAt(first), rootAt(second)];
    expect(verifyConsistency({ first, second, firstRoot, secondRoot, proof })).toBe(true);
  });
});

describe('in trees of up to 10,000 leaves', () => {
  it('an inclusion proof is that of the definition, and holds', async () => {
    const property = fc.asyncProperty(leafAndSize, async ({ index, size }) => {
      const proof = await inclusionProof(index, size, tree.read);
      expect(proof).toEqual(naive.inclusion(index, size));
      expect(verifyInclusion({ leafHash: leafAt(index), index, size, proof, root: naive.root(size) })).toBe(true);
    });
    await fc.assert(property, { seed: 6962, numRuns: 500 });
  });

  it('a consistency proof is that of the definition, and holds', async () => {
    const property = fc.asyncProperty(twoSizes, async ({ first, second }) => {
      const proof = await consistencyProof(first, second, tree.read);
      expect(proof).toEqual(naive.consistency(first, second));
      const [firstRoot, secondRoot] = [naive.root(first), naive.root(second)];
      expect(verifyConsistency({ first, second, firstRoot, secondRoot, proof })).toBe(true);
    });
    await fc.assert(property, { seed: 6962, numRuns: 500 });
  });

  it('a proof reads once, and no more than two nodes for each level', async () => {
    const property = fc.asyncProperty(leafAndSize, twoSizes, async ({ index, size }, { first, second }) => {
      tree.reads.length = 0;
      await inclusionProof(index, size, tree.read);
      await consistencyProof(first, second, tree.read);
      expect(tree.reads.length).toBeLessThanOrEqual(2);
      for (const positions of tree.reads) expect(positions.length).toBeLessThanOrEqual(2 * 14);
    });
    await fc.assert(property, { seed: 6962, numRuns: 200 });
  });
});

const flipBit = (hash: Buffer, bit: number) => {
  const altered = Buffer.from(hash);
  altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return altered;
};

/** Each proof that differs from this one in one place. */
function altered(proof: readonly Buffer[], bit: number): (readonly Buffer[])[] {
  const flipped = proof.map((hash, at) => proof.with(at, flipBit(hash, bit)));
  const removed = proof.map((_, at) => proof.toSpliced(at, 1));
  const added = Array.from({ length: proof.length + 1 }, (_, at) => proof.toSpliced(at, 0, leafAt(0)));
  const swapped = proof.slice(1).map((hash, at) => proof.toSpliced(at, 2, hash, proof[at] as Buffer));
  const cut = proof.map((hash, at) => proof.with(at, hash.subarray(1)));
  return [...flipped, ...removed, ...added, ...swapped, ...cut];
}

describe('a proof with anything altered', () => {
  it('of inclusion is refused', async () => {
    const property = fc.asyncProperty(leafAndSize, fc.nat(255), fc.nat(9_999), async ({ index, size }, bit, other) => {
      const root = naive.root(size);
      const proof = naive.inclusion(index, size);
      const claim = { leafHash: leafAt(index), index, size, proof, root };
      const claims = [
        { ...claim, leafHash: flipBit(claim.leafHash, bit) },
        { ...claim, root: flipBit(root, bit) },
        ...altered(proof, bit).map((others) => ({ ...claim, proof: others })),
        ...(other === index ? [] : [{ ...claim, index: other }]),
        ...(other === index ? [] : [{ ...claim, leafHash: leafAt(other) }]),
        ...(other + 1 === size ? [] : [{ ...claim, size: other + 1, root: naive.root(other + 1) }]),
      ];
      for (const wrong of claims) expect(verifyInclusion(wrong)).toBe(false);
    });
    await fc.assert(property, { seed: 6962, numRuns: 100 });
  });

  it('of consistency is refused', async () => {
    const property = fc.asyncProperty(twoSizes, fc.nat(255), fc.nat(9_999), async ({ first, second }, bit, other) => {
      const proof = naive.consistency(first, second);
      const claim = { first, second, firstRoot: naive.root(first), secondRoot: naive.root(second), proof };
      const [size, root] = [other + 1, naive.root(other + 1)];
      const claims = [
        { ...claim, firstRoot: flipBit(claim.firstRoot, bit) },
        { ...claim, secondRoot: flipBit(claim.secondRoot, bit) },
        ...altered(proof, bit).map((others) => ({ ...claim, proof: others })),
        ...(size === first ? [] : [{ ...claim, first: size, firstRoot: root }]),
        ...(size === second ? [] : [{ ...claim, second: size, secondRoot: root }]),
      ];
      for (const wrong of claims) expect(verifyConsistency(wrong)).toBe(false);
    });
    await fc.assert(property, { seed: 6962, numRuns: 100 });
  });

  it('of inclusion holds for no other leaf and no other size, in every tree of up to 18 leaves', () => {
    const claims = Array.from({ length: 18 }, (_, number) => number + 1).flatMap((size) =>
      Array.from({ length: size }, (_, index) => ({ size, index, root: naive.root(size), leafHash: leafAt(index) })),
    );
    for (const made of claims) {
      const proof = naive.inclusion(made.index, made.size);
      expect(claims.filter((claim) => verifyInclusion({ ...claim, proof }))).toEqual([made]);
    }
  });

  it('of consistency holds for no other two sizes, in every tree of up to 18 leaves', () => {
    const claims = Array.from({ length: 18 }, (_, number) => number + 1).flatMap((second) =>
      Array.from({ length: second - 1 }, (_, number) => number + 1).map((first) => {
        return { first, second, firstRoot: naive.root(first), secondRoot: naive.root(second) };
      }),
    );
    for (const made of claims) {
      const proof = naive.consistency(made.first, made.second);
      expect(claims.filter((claim) => verifyConsistency({ ...claim, proof }))).toEqual([made]);
    }
  });

  it('that is anything at all is refused without an error', () => {
    const number = fc.oneof(fc.nat(20), fc.integer(), fc.double());
    const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
    const hash = fc.oneof(bytes, fc.constantFrom(...vectors.roots, emptyRoot));
    const proof = fc.array(hash, { maxLength: 60 });
    const claim = fc.tuple(number, number, hash, hash, proof);
    fc.assert(
      fc.property(claim, ([one, two, oneHash, twoHash, hashes]) => {
        fc.pre(one !== two && one !== 0);
        const inclusion = { leafHash: oneHash, index: one, size: two, proof: hashes, root: twoHash };
        const growth = { first: one, second: two, firstRoot: oneHash, secondRoot: twoHash, proof: hashes };
        expect([verifyInclusion(inclusion), verifyConsistency(growth)]).toEqual([false, false]);
      }),
      { seed: 6962, numRuns: 2_000 },
    );
  });
});

describe('at the edges', () => {
  const [one, two] = [naive.root(1), naive.root(2)];

  it('a leaf is the root of a tree of one', async () => {
    expect(await inclusionProof(0, 1, tree.read)).toEqual([]);
    expect(verifyInclusion({ leafHash: one, index: 0, size: 1, proof: [], root: one })).toBe(true);
    expect(verifyInclusion({ leafHash: one, index: 0, size: 1, proof: [one], root: one })).toBe(false);
    expect(verifyInclusion({ leafHash: emptyRoot, index: 0, size: 0, proof: [], root: emptyRoot })).toBe(false);
  });

  it.each([
    ['the empty tree is a part of every tree', 0, 2, emptyRoot, two, [], true],
    ['the empty tree is a part of itself', 0, 0, emptyRoot, emptyRoot, [], true],
    ['the empty tree has one root', 0, 2, one, two, [], false],
    ['the empty tree has one root', 0, 0, one, one, [], false],
    ['the empty tree did not change', 0, 0, emptyRoot, one, [], false],
    ['the empty tree needs no proof', 0, 2, emptyRoot, two, [one], false],
    ['a tree is a part of itself', 2, 2, two, two, [], true],
    ['a tree of the same size is the same', 2, 2, one, two, [], false],
    ['the same tree needs no proof', 2, 2, two, two, [two], false],
    ['growth needs a proof', 1, 2, one, two, [], false],
    ['a tree does not shrink', 2, 1, two, one, [], false],
  ] as const)('%s: %d, %d', (_, first, second, firstRoot, secondRoot, proof, holds) => {
    expect(verifyConsistency({ first, second, firstRoot, secondRoot, proof })).toBe(holds);
  });

  it('a way up of another length is refused, even where its hashes lead to the roots', () => {
    const [three, four] = [naive.root(3), naive.root(4)];
    const [above, aboveFour] = [nodeHash(one, three), nodeHash(one, four)];
    const growth = naive.consistency(3, 4);
    const inclusions = [
      // A node in place of a leaf, and a leaf of a tree of two in a tree of one.
      { leafHash: two, index: 0, size: 3, proof: [leafAt(2)], root: three },
      { leafHash: leafAt(1), index: 0, size: 1, proof: [leafAt(0)], root: two },
    ];
    const growths = [
      { first: 1, second: 3, firstRoot: two, secondRoot: three, proof: [leafAt(2)] },
      { first: 3, second: 4, firstRoot: above, secondRoot: aboveFour, proof: [...growth, one] },
    ];
    expect(inclusions.map(verifyInclusion)).toEqual([false, false]);
    expect(growths.map(verifyConsistency)).toEqual([false, false]);
    // The same hashes, where they belong.
    expect(verifyInclusion({ leafHash: leafAt(1), index: 1, size: 2, proof: [leafAt(0)], root: two })).toBe(true);
    expect(verifyConsistency({ first: 2, second: 3, firstRoot: two, secondRoot: three, proof: [leafAt(2)] })).toBe(
      true,
    );
  });

  it('no proof is made for what does not exist', async () => {
    expect(await consistencyProof(0, 5, tree.read)).toEqual([]);
    for (const [index, size] of [
      [0, 0],
      [5, 5],
      [-1, 5],
      [0.5, 5],
    ] as const) {
      await expect(inclusionProof(index, size, tree.read)).rejects.toThrow(RangeError);
    }
    await expect(consistencyProof(6, 5, tree.read)).rejects.toThrow(RangeError);
    await expect(consistencyProof(-1, 5, tree.read)).rejects.toThrow(RangeError);
  });

  it('no proof is made from nodes that are missing', async () => {
    const forgetful = async (positions: readonly Position[]) => (await tree.read(positions)).slice(1);
    await expect(inclusionProof(3, 7, forgetful)).rejects.toThrow('nodes of the tree');
  });
});

describe('in trees of more than 2^32 leaves', () => {
  const special = Buffer.from('the one leaf that differs');
  const sizes = [2 ** 32, 2 ** 33 + 2 ** 31 + 1, 2 ** 48 - 1, 2 ** 48, 2 ** 48 + 1, 2 ** 48 + 2 ** 32 + 5, 2 ** 53 - 1];
  const plain = [leafHash(Buffer.alloc(0))];
  while (plain.length < 53) plain.push(sparseRoot(2n ** BigInt(plain.length), -1n, special));
  const read = async (positions: readonly Position[]) => positions.map(({ level }) => plain[level] as Buffer);
  const rootAt = (size: number, index: number) => sparseRoot(BigInt(size), BigInt(index), special);

  it.each(sizes)('an inclusion proof holds for its leaf alone: %d', async (size) => {
    for (const index of [0, 7, 2 ** 31, 2 ** 32 - 1, size - 2, size - 1]) {
      const proof = await inclusionProof(index, size, read);
      const claim = { leafHash: leafHash(special), index, size, proof, root: rootAt(size, index) };
      expect(verifyInclusion(claim)).toBe(true);
      for (const other of [index - 1, index + 1, index - 2 ** 32, index + 2 ** 32]) {
        expect(verifyInclusion({ ...claim, index: other })).toBe(false);
      }
    }
  });

  it.each(sizes)('an inclusion proof reads the rest of the tree, each leaf once: %d', async (size) => {
    const index = size - 2 ** 31 - 1;
    let wanted: readonly Position[] = [];
    await inclusionProof(index, size, (positions) => {
      wanted = positions;
      return read(positions);
    });
    const own = { level: 0, index };
    const ranges = [own, ...wanted].map(({ level, index: at }) => {
      const width = 2n ** BigInt(level);
      return { start: BigInt(at) * width, end: BigInt(at + 1) * width };
    });
    ranges.sort((a, b) => (a.start < b.start ? -1 : 1));
    expect([0n, ...ranges.map(({ end }) => end)]).toEqual([...ranges.map(({ start }) => start), BigInt(size)]);
    expect(wanted.length).toBeLessThanOrEqual(2 * 53);
  });

  it.each(sizes)('a consistency proof holds: %d', async (second) => {
    for (const first of [1, 5, 2 ** 31 + 1, 2 ** 32 - 1, 2 ** 32, second - 1]) {
      if (first >= second) continue;
      const proof = await consistencyProof(first, second, read);
      const claim = { first, second, firstRoot: rootAt(first, -1), secondRoot: rootAt(second, -1), proof };
      expect(verifyConsistency(claim)).toBe(true);
      expect(verifyConsistency({ ...claim, secondRoot: rootAt(second, first - 1) })).toBe(false);
    }
  });
});
