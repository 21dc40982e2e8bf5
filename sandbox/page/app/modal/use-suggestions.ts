import { useCallback, useEffect, useRef, useState } from 'react';
import type { Option } from '../../../slack/views/input-block.ts';
import { sendAction } from '../send-action.ts';

export type Suggesting = { readonly me: string; readonly viewId: string };

export type Suggestions = {
  /** Null before a query, or while one is in progress. */
  readonly options: readonly Option[] | null;
  readonly problem: string | null;
  readonly ask: (query: string) => void;
};

const debounceMs = 200;
const nothing = { options: null, problem: null };

/** The bot's suggestions for the last text. Suggestions for an earlier text are dropped. */
export function useSuggestions({ me, viewId }: Suggesting, actionId: string): Suggestions {
  const [state, setState] = useState<Omit<Suggestions, 'ask'>>(nothing);
  const queries = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const ask = useCallback(
    (query: string) => {
      const nth = ++queries.current;
      setState(nothing);
      clearTimeout(timer.current);
      timer.current = setTimeout(async () => {
        const result = await sendAction({ type: 'suggest', as: me, viewId, actionId, query });
        if (nth !== queries.current) return;
        setState(
          result.ok ? { options: result.options ?? [], problem: null } : { options: [], problem: result.problem },
        );
      }, debounceMs);
    },
    [me, viewId, actionId],
  );
  return { ...state, ask };
}
