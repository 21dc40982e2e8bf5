import { type RefObject, useEffect, useState } from 'react';

/** A permalink of the pretend Slack. It works on this page only. */
const permalink = /^https:\/\/[a-z0-9-]+\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})(?:\?|$)/;

/** Scrolls to the message of a permalink, as Slack does. Returns whether the last link had no target. */
export function usePermalinks(list: RefObject<HTMLElement | null>): boolean {
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const follow = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      const entry = linkedEntry(link?.href ?? '');
      if (entry === null) return;
      event.preventDefault();
      const message = element.querySelector<HTMLElement>(`[data-entry="${entry}"]`);
      message?.focus({ preventScroll: true });
      message?.scrollIntoView({ block: 'center' });
      setLost(message === null);
    };
    element.addEventListener('click', follow);
    return () => element.removeEventListener('click', follow);
  }, [list]);
  return isLost;
}

/** As `keyOf` names it. */
function linkedEntry(address: string): string | null {
  const [, channel, seconds, fraction] = permalink.exec(address) ?? [];
  return channel === undefined ? null : `${channel}/${seconds}.${fraction}`;
}
