import type { Snapshot } from '../snapshot.ts';

/** The new snapshot with the equal parts of the old one, so that unchanged parts are not rendered again. */
export function shareUnchanged(before: Snapshot | null, now: Snapshot): Snapshot {
  if (before === null) return now;
  return { ...shareParts(before, now), campaign: shareParts(before.campaign, now.campaign) };
}

function shareParts<T extends object>(before: T, now: T): T {
  const parts = Object.entries(now).map(([key, part]) => [key, share(Reflect.get(before, key), part)]);
  return Object.fromEntries(parts) as T;
}

function share(before: unknown, now: unknown): unknown {
  if (JSON.stringify(before) === JSON.stringify(now)) return before;
  return Array.isArray(before) && Array.isArray(now) ? shareItems(before, now) : now;
}

/** At any position in the list. */
function shareItems(before: readonly unknown[], now: readonly unknown[]): readonly unknown[] {
  const known = new Map(before.map((item) => [JSON.stringify(item), item]));
  return now.map((item) => known.get(JSON.stringify(item)) ?? item);
}
