import { chanceOf } from '../faults/chance.ts';

/** All items in an order that the seed alone decides; a sample is the first of them. */
export function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const chance = chanceOf(seed);
  const rest = [...items];
  return items.flatMap(() => rest.splice(chance.between(0, rest.length - 1), 1));
}
