import { useEffect, useRef, useState } from 'react';
import type { Snapshot } from '../snapshot.ts';

/** The newest that was seen, by person and channel. */
type Seen = Readonly<Record<string, number>>;

/**
 * The channels in which something was written that this person has not looked at. What was there when the page was
 * opened is not new.
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
