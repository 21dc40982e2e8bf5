import { append, leafHash, type Position, rootOf } from '../../src/transparency-log/tree.ts';

const key = ({ level, index }: Position) => `${level}/${index}`;

/** A tree whose perfect subtrees are stored as they are completed, each once, and read by their positions alone. */
export function storedTree() {
  let tree: ReturnType<typeof append> = { size: 0, frontier: [], completed: [] };
  const stored = new Map<string, Buffer>();
  const reads: (readonly Position[])[] = [];

  const store = (position: Position, hash: Buffer) => {
    if (stored.has(key(position))) throw new Error(`${key(position)} is stored already`);
    stored.set(key(position), hash);
  };

  return {
    stored,
    reads,
    size: () => tree.size,
    root: () => rootOf(tree.frontier),
    append(entries: readonly Buffer[]) {
      const hashes = entries.map(leafHash);
      for (const [added, hash] of hashes.entries()) store({ level: 0, index: tree.size + added }, hash);
      tree = append(tree.size, tree.frontier, hashes);
      for (const subtree of tree.completed) store(subtree, subtree.hash);
    },
    async read(positions: readonly Position[]) {
      reads.push(positions);
      return positions.map((position) => {
        const hash = stored.get(key(position));
        if (!hash) throw new Error(`${key(position)} is not stored`);
        return hash;
      });
    },
  };
}

/** `count` different leaves of 32 bytes. */
export const someLeaves = (count: number): readonly Buffer[] =>
  Array.from({ length: count }, (_, number) => Buffer.from(String(number).padStart(32, '0')));
