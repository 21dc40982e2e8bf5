import { type RefObject, useEffect, useState } from 'react';

/** Slack's address of a message, as the pretend Slack gives it: no such place answers outside of this page. */
const permalink = /^https:\/\/[a-z0-9-]+\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})(?:\?|$)/;

/** A link to a message leads to it, as in Slack. Gives whether the last one led nowhere. */
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
