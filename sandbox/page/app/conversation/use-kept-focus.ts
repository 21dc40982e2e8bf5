import { type RefObject, useEffect, useRef } from 'react';

/** A press often removes its button. The focus of a keyboard user then stays at the message. */
export function useKeptFocus(
  article: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  blocks: unknown,
): void {
  const hadFocus = useRef(false);
  useEffect(() => {
    const element = content.current;
    const remember = () => {
      hadFocus.current = element?.contains(document.activeElement) ?? false;
    };
    const forget = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget !== null) hadFocus.current = false;
    };
    element?.addEventListener('focusin', remember);
    element?.addEventListener('focusout', forget);
    return () => {
      element?.removeEventListener('focusin', remember);
      element?.removeEventListener('focusout', forget);
    };
  }, [content]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other blocks are when a button may be gone
  useEffect(() => {
    if (hadFocus.current && document.activeElement === document.body) article.current?.focus({ preventScroll: true });
  }, [article, blocks]);
}
