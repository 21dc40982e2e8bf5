import { type RefObject, useEffect, useState } from 'react';
import type { Entry } from '../../snapshot.ts';

/** A permalink of the pretend Slack. It works on this page only. */
const permalink = /^https:\/\/[a-z0-9-]+\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})(?:\?|$)/;

/**
 * Follows the permalinks of messages, as Slack does: to the message in the channel, or into its thread. Returns whether
 * the last link had no target.
 */
export function usePermalinks(
  list: RefObject<HTMLElement | null>,
  entries: readonly Entry[],
  onThread: (ts: string | null) => void,
): boolean {
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const follow = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      const target = targetOf(link?.href ?? '');
      if (target === null) return;
      event.preventDefault();
      setLost(!goTo(target, entries, onThread));
    };
    element.addEventListener('click', follow);
    return () => element.removeEventListener('click', follow);
  }, [list, entries, onThread]);
  return isLost;
}

type Target = { readonly channel: string; readonly ts: string };

function targetOf(address: string): Target | null {
  const [, channel, seconds, fraction] = permalink.exec(address) ?? [];
  return channel === undefined ? null : { channel, ts: `${seconds}.${fraction}` };
}

/** Whether that message can be shown. */
function goTo({ channel, ts }: Target, entries: readonly Entry[], onThread: (ts: string | null) => void): boolean {
  const entry = entries.find((one) => one.channel === channel && one.ts === ts && !one.isPrivate);
  const message = document.querySelector<HTMLElement>(`[role=log] [data-entry="${channel}/${ts}"]`);
  if (message === null) {
    if (entry?.threadTs == null) return false;
    onThread(entry.threadTs);
    return true;
  }
  // An open thread may hide the channel.
  if (!message.checkVisibility()) onThread(null);
  requestAnimationFrame(() => {
    message.focus({ preventScroll: true });
    message.scrollIntoView({ block: 'center' });
  });
  return true;
}
