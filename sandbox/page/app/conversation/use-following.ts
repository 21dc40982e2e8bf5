import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** So far from its end, in pixels, somebody still reads the end of the list. */
const nearby = 60;

/** Keeps the newest entry in view for whoever reads the end, and tells the others that there is something new. */
export function useFollowing(list: RefObject<HTMLElement | null>, newest: string | null) {
  const isAtEnd = useRef(true);
  const shown = useRef(newest);
  const [hasNew, setHasNew] = useState(false);

  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    const stay = () => {
      if (isAtEnd.current) goToEnd(element);
    };
    const look = () => {
      isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearby;
      if (isAtEnd.current) setHasNew(false);
    };
    stay();
    const growth = new ResizeObserver(stay);
    for (const each of [element, ...element.children]) growth.observe(each);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      growth.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [list]);

  useEffect(() => {
    if (shown.current === newest) return;
    shown.current = newest;
    if (isAtEnd.current) bringIntoView(list.current, newest);
    else setHasNew(true);
  }, [list, newest]);

  const goToNewest = () => {
    if (list.current === null) return;
    goToEnd(list.current);
    bringIntoView(list.current, newest);
    list.current.focus();
    setHasNew(false);
  };
  return { hasNew, goToNewest };
}

function goToEnd(element: HTMLElement): void {
  element.scrollTop = element.scrollHeight;
}

/** A reply stands below its message, which may be further up. */
function bringIntoView(list: HTMLElement | null, entry: string | null): void {
  if (list === null || entry === null) return;
  const entries = [...list.querySelectorAll<HTMLElement>('[data-entry]')];
  const element = entries.findLast(({ dataset }) => dataset.entry === entry);
  if (element === undefined) return;
  if (element === entries.at(-1)) goToEnd(list);
  else element.scrollIntoView({ block: 'nearest' });
}
