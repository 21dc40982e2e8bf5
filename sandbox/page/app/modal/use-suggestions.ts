import { useCallback, useEffect, useRef, useState } from 'react';
import type { Option } from '../../../slack/views/input-block.ts';
import { sendDeed } from '../send-deed.ts';

export type Suggesting = { readonly me: string; readonly viewId: string };

export type Suggestions = {
  /** Null before anything was asked, or while the bot thinks about it. */
  readonly options: readonly Option[] | null;
  readonly problem: string | null;
  readonly ask: (query: string) => void;
};

const debounceMs = 200;
const nothing = { options: null, problem: null };

/** What the bot suggests for what was typed last; an answer to something typed before is dropped. */
export function useSuggestions({ me, viewId }: Suggesting, actionId: string): Suggestions {
  const [state, setState] = useState<Omit<Suggestions, 'ask'>>(nothing);
  const asked = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const ask = useCallback(
    (query: string) => {
      const nth = ++asked.current;
      setState(nothing);
      clearTimeout(timer.current);
      timer.current = setTimeout(async () => {
        const result = await sendDeed({ does: 'suggest', as: me, viewId, actionId, query });
        if (nth !== asked.current) return;
        setState(
          result.ok ? { options: result.options ?? [], problem: null } : { options: [], problem: result.problem },
        );
      }, debounceMs);
    },
    [me, viewId, actionId],
  );
  return { ...state, ask };
}
