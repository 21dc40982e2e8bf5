export const steps = ['major', 'minor', 'patch'] as const;
type Parts = readonly [number, number, number];

const shape = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/;

/**
 * The version to release: a later one than the current one, or `current` itself before its first release.
 * @param wanted a step such as `minor`, or a version
 * @returns null if it is neither, or an earlier version
 */
export function nextVersion(current: string, wanted: string, isReleased: boolean): string | null {
  const now = partsOf(current);
  if (now === null) return null;
  const next = partsOf(wanted) ?? stepped(now, wanted);
  if (next === null) return null;
  const order = compare(next, now);
  return order > 0 || (order === 0 && !isReleased) ? next.join('.') : null;
}

function partsOf(version: string): Parts | null {
  const [, major, minor, patch] = shape.exec(version) ?? [];
  return major === undefined ? null : [Number(major), Number(minor), Number(patch)];
}

function stepped([major, minor, patch]: Parts, step: string): Parts | null {
  switch (step) {
    case 'major':
      return [major + 1, 0, 0];
    case 'minor':
      return [major, minor + 1, 0];
    case 'patch':
      return [major, minor, patch + 1];
    default:
      return null;
  }
}

/** Positive if `a` is later. */
function compare(a: Parts, b: Parts): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
