import { createHash } from 'node:crypto';

const sha256 = (...parts: readonly (string | Buffer)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The largest power of two smaller than n, from the digits of n - 1. */
const split = (n: bigint) => 1n << BigInt((n - 1n).toString(2).length - 1);

/**
 * RFC 6962, section 2.1, word by word and recursively, over the leaves' data: D[start:end] is the part of them that a
 * function is about. It keeps the roots that it has computed, which changes its speed alone.
 */
export function naiveTree(entries: readonly Buffer[]) {
  const known = new Map<string, Buffer>();

  function compute(start: number, end: number): Buffer {
    const n = end - start;
    if (n === 0) return sha256('');
    if (n === 1) return sha256('\x00', entries[start] ?? '');
    const k = start + Number(split(BigInt(n)));
    return sha256('\x01', root(start, k), root(k, end));
  }

  /** MTH(D[start:end]) */
  function root(start: number, end: number): Buffer {
    const found = known.get(`${start}:${end}`) ?? compute(start, end);
    known.set(`${start}:${end}`, found);
    return found;
  }

  /** PATH(m, D[start:end]), section 2.1.1 */
  function path(m: number, start: number, end: number): Buffer[] {
    const n = end - start;
    if (n === 1) return [];
    const k = Number(split(BigInt(n)));
    return m < k
      ? [...path(m, start, start + k), root(start + k, end)]
      : [...path(m - k, start + k, end), root(start, start + k)];
  }

  /** SUBPROOF(m, D[start:end], b), section 2.1.2 */
  function subproof(m: number, start: number, end: number, b: boolean): Buffer[] {
    const n = end - start;
    if (m === n) return b ? [] : [root(start, end)];
    const k = Number(split(BigInt(n)));
    return m <= k
      ? [...subproof(m, start, start + k, b), root(start + k, end)]
      : [...subproof(m - k, start + k, end, false), root(start, start + k)];
  }

  return {
    range: root,
    root: (size: number) => root(0, size),
    inclusion: (index: number, size: number) => path(index, 0, size),
    consistency: (first: number, second: number) => (first === 0 ? [] : subproof(first, 0, second, true)),
  };
}

/** MTH of a tree of any size, of which one leaf holds `special`, and all others hold nothing. */
export function sparseRoot(size: bigint, index: bigint, special: Buffer): Buffer {
  const plain = new Map<bigint, Buffer>();

  function plainRoot(n: bigint): Buffer {
    const k = split(n);
    const found = plain.get(n) ?? (n === 1n ? sha256('\x00') : sha256('\x01', plainRoot(k), plainRoot(n - k)));
    plain.set(n, found);
    return found;
  }

  function root(n: bigint, at: bigint): Buffer {
    if (at < 0n || at >= n) return plainRoot(n);
    if (n === 1n) return sha256('\x00', special);
    const k = split(n);
    return sha256('\x01', root(k, at), root(n - k, at - k));
  }

  return root(size, index);
}
