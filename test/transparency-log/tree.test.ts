import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { append, emptyRoot, frontierOf, leafHash, nodeHash, rootOf } from '../../src/transparency-log/tree.ts';
import { naiveTree } from './naive-tree.fixture.ts';
import { someLeaves, storedTree } from './stored-tree.fixture.ts';
import { emptyTree, leaves, roots, subtrees } from './vectors.fixture.ts';

const entries = someLeaves(10_000);
const naive = naiveTree(entries);

describe('the published vectors', () => {
  it('are the roots of zero to eight leaves, appended one by one', () => {
    const tree = storedTree();
    expect([emptyRoot, tree.root()]).toEqual([emptyTree, emptyTree]);
    for (const [index, leaf] of leaves.entries()) {
      tree.append([leaf]);
      expect(tree.root()).toEqual(roots[index]);
    }
    expect(tree.size()).toBe(8);
  });

  it('are the perfect subtrees that eight leaves complete', () => {
    const tree = storedTree();
    tree.append(leaves);
    const published = subtrees.flatMap((level, number) => level.map((hash, index) => [`${number}/${index}`, hash]));
    expect(Object.fromEntries(tree.stored)).toEqual(Object.fromEntries(published));
  });

  it('have different prefixes for leaves and nodes', () => {
    const [left, right] = leaves.map(leafHash) as [Buffer, Buffer];
    expect(leafHash(Buffer.concat([left, right]))).not.toEqual(nodeHash(left, right));
  });
});

describe('appending', () => {
  it('gives the root of the definition at every size up to 10,000', () => {
    const tree = storedTree();
    const wrong = entries.filter((entry, index) => {
      tree.append([entry]);
      return !tree.root().equals(naive.root(index + 1));
    });
    expect(wrong).toEqual([]);
    expect(tree.size()).toBe(10_000);
  });

  it('does the same in batches of any size, and completes each perfect subtree once', () => {
    const batches = fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 14 });
    fc.assert(
      fc.property(batches, (sizes) => {
        const tree = storedTree();
        for (const size of sizes) {
          tree.append(entries.slice(tree.size(), tree.size() + size));
          expect(tree.root()).toEqual(naive.root(tree.size()));
        }
        const size = tree.size();
        const wrong = [...tree.stored].filter(([position, hash]) => {
          const [level = 0, index = 0] = position.split('/').map(Number);
          return !hash.equals(naive.range(index * 2 ** level, (index + 1) * 2 ** level));
        });
        expect(wrong).toEqual([]);
        const levels = Array.from({ length: 14 }, (_, level) => Math.floor(size / 2 ** level));
        expect(tree.stored.size).toBe(levels.reduce((sum, count) => sum + count, 0));
      }),
      { seed: 6962, numRuns: 20 },
    );
  });

  it('leaves what it is given as it was', () => {
    const frontier = Object.freeze([leafHash(Buffer.from('a'))]);
    const added = Object.freeze([leafHash(Buffer.from('b')), leafHash(Buffer.from('c'))]);
    const grown = append(1, frontier, added);
    expect(grown).toMatchObject({ size: 3, completed: [{ level: 1, index: 0 }] });
    expect(grown.frontier).toHaveLength(2);
  });

  it('refuses a frontier of another size', () => {
    expect(() => append(2, [emptyRoot, emptyRoot], [])).toThrow(RangeError);
    expect(() => append(3, [emptyRoot], [])).toThrow(RangeError);
  });

  it('names positions exactly in a tree of more than 2^32 leaves', () => {
    const size = 2 ** 48 + 2 ** 33 + 3;
    const frontier = frontierOf(size).map(() => emptyRoot);
    const { completed } = append(size, frontier, [emptyRoot, emptyRoot]);
    expect(completed.map(({ level, index }) => ({ level, index }))).toEqual([
      { level: 1, index: 2 ** 47 + 2 ** 32 + 1 },
      { level: 2, index: 2 ** 46 + 2 ** 31 },
    ]);
  });
});

describe('a frontier', () => {
  it.each([
    [0, []],
    [1, [{ level: 0, index: 0 }]],
    [
      6,
      [
        { level: 2, index: 0 },
        { level: 1, index: 2 },
      ],
    ],
    [2 ** 48, [{ level: 48, index: 0 }]],
    [
      2 ** 48 + 1,
      [
        { level: 48, index: 0 },
        { level: 0, index: 2 ** 48 },
      ],
    ],
  ])('of %d leaves', (size, positions) => {
    expect(frontierOf(size)).toEqual(positions);
  });

  it('has one subtree for each 1 of the size, and they follow each other without a gap', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (size) => {
        const frontier = frontierOf(size);
        const digits = [...BigInt(size).toString(2)].reverse();
        const ones = digits.flatMap((digit, level) => (digit === '1' ? [level] : [])).reverse();
        expect(frontier.map(({ level }) => level)).toEqual(ones);
        let end = 0n;
        for (const { level, index } of frontier) {
          expect(BigInt(index) << BigInt(level)).toBe(end);
          end += 1n << BigInt(level);
        }
        expect(end).toBe(BigInt(size));
      }),
      { seed: 6962, examples: [[2 ** 48 - 1], [2 ** 53 - 1], [2 ** 32], [2 ** 31]] },
    );
  });

  it.each([-1, 1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])('of %d leaves does not exist', (size) => {
    expect(() => frontierOf(size)).toThrow(RangeError);
  });

  it('of one subtree has its root', () => {
    expect(rootOf([leafHash(Buffer.from('a'))])).toEqual(leafHash(Buffer.from('a')));
  });
});
