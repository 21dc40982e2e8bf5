import { type RefObject, useEffect } from 'react';

/** On a touch screen the focus would open the keyboard, which covers half of the page. */
export function isTouchScreen(): boolean {
  return matchMedia('(pointer: coarse)').matches;
}

/**
 * The composer has the focus at the start, and after another channel was chosen in the list, as in Slack. What else has
 * the focus keeps it.
 */
export function useComposerFocus(input: RefObject<HTMLInputElement | null>, channel: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another channel it gets the focus again
  useEffect(() => {
    const focused = document.activeElement;
    const isFree = focused === null || focused === document.body || focused.closest('.channels') !== null;
    if (isFree && !isTouchScreen()) input.current?.focus();
  }, [input, channel]);
}
