import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** The random choices of a run, replayed by its seed. The scheduling of the operating system is not replayed. */
export type Chance = {
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  oneOf<T>(items: readonly [T, ...T[]]): T;
  /** True with this percentage. */
  percent(often: number): boolean;
};

export function chanceOf(seed: number): Chance {
  const generator = xoroshiro128plus(seed);
  const between = (least: number, most: number) => uniformInt(generator, least, most);
  return {
    between,
    oneOf: (items) => items[between(0, items.length - 1)] ?? items[0],
    percent: (often) => between(1, 100) <= often,
  };
}
