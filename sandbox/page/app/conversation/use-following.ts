import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** The distance from the end, in pixels, that still counts as the end. */
const nearby = 60;

/**
 * Keeps the newest entry in view at the end of the list, and elsewhere reports that there is a new one.
 * @param written how often the reader has written something, which moves the view to the end
 */
export function useFollowing(list: RefObject<HTMLElement | null>, newest: string | null, written: number) {
  const isAtEnd = useRef(true);
  const lastTop = useRef(0);
  const shown = useRef(newest);
  const [hasNew, setHasNew] = useState(false);

  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    const onGrowth = () => {
      if (isAtEnd.current) goToEnd(element);
    };
    const onScroll = () => {
      const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < nearby;
      // Growth below the view at the end does not mean that the reader has left it.
      isAtEnd.current = isNear || (isAtEnd.current && element.scrollTop >= lastTop.current);
      lastTop.current = element.scrollTop;
      if (isAtEnd.current || isInView(element, shown.current)) setHasNew(false);
    };
    onGrowth();
    const growth = new ResizeObserver(onGrowth);
    for (const each of [element, ...element.children]) growth.observe(each);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      growth.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, [list]);

  useEffect(() => {
    const element = list.current;
    if (element === null || shown.current === newest) return;
    shown.current = newest;
    if (isAtEnd.current) goToEnd(element);
    else setHasNew(!isInView(element, newest));
  }, [list, newest]);

  useEffect(() => {
    if (written === 0 || list.current === null) return;
    isAtEnd.current = true;
    goToEnd(list.current);
  }, [list, written]);

  const goToNewest = () => {
    const element = list.current;
    if (element === null) return;
    goToEnd(element);
    element.focus();
    setHasNew(false);
  };
  return { hasNew, goToNewest };
}

function goToEnd(list: HTMLElement): void {
  list.scrollTop = list.scrollHeight;
}

function isInView(list: HTMLElement, entry: string | null): boolean {
  const element = elementOf(list, entry);
  if (element === undefined) return false;
  const { top, bottom } = element.getBoundingClientRect();
  const view = list.getBoundingClientRect();
  return top >= view.top && bottom <= view.bottom;
}

function elementOf(list: HTMLElement, entry: string | null): HTMLElement | undefined {
  return [...list.querySelectorAll<HTMLElement>('[data-entry]')].findLast(({ dataset }) => dataset.entry === entry);
}
