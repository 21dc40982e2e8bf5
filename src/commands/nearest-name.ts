import { closestMatch } from 'leven';

/** Two slips at most: a letter too many, missing or wrong each count one, two that changed places count two. */
export const mostSlips = 2;

/**
 * The name that was probably meant, in its own spelling: at most `slips` edits away, and fewer than there are letters
 * typed (else every short word would resemble some name). Null when there is none.
 */
export function nearestName<Name extends string>(
  typed: string,
  names: readonly Name[],
  slips = mostSlips,
): Name | null {
  const maxDistance = Math.min(slips, typed.length - 1);
  if (maxDistance < 1) return null;
  const folded = names.map((name) => name.toLowerCase());
  const match = closestMatch(typed.toLowerCase(), folded, { maxDistance });
  return match === undefined ? null : (names[folded.indexOf(match)] ?? null);
}
