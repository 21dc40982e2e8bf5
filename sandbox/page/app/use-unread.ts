import { useEffect, useRef, useState } from 'react';
import type { Snapshot } from '../snapshot.ts';

/** The newest read entry by person and channel. */
type Seen = Readonly<Record<string, number>>;

/**
 * The channels with entries that this person has not read. Entries from before the page was
 * opened count as read.
 */
export function useUnread({ me, channels, entries }: Snapshot, current: string): ReadonlySet<string> {
  const [seen, setSeen] = useState<Seen>({});
  const openedAt = useRef(Date.now());
  const newest = Math.max(0, ...entries.filter(({ channel }) => channel === current).map(({ at }) => at));
  useEffect(() => setSeen((before) => ({ ...before, [`${me}/${current}`]: newest })), [me, current, newest]);
  const isUnread = (id: string) => {
    const seenAt = seen[`${me}/${id}`] ?? openedAt.current;
    return id !== current && entries.some(({ channel, at }) => channel === id && at > seenAt);
  };
  return new Set(channels.map(({ id }) => id).filter(isUnread));
}
