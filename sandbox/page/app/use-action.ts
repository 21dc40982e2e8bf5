import { useCallback, useRef, useState } from 'react';
import type { Action } from '../actions.ts';
import type { Result } from '../snapshot.ts';
import { sendAction } from './send-action.ts';

export type ActionState = {
  readonly isBusy: boolean;
  /** The problem of the last action. null while one is in progress. */
  readonly problem: string | null;
  /** Returns null while another action is in progress: a second click does nothing. */
  readonly act: (action: Action) => Promise<Result | null>;
};

/** Sends one action at a time, with the problem of the last one. */
export function useAction(): ActionState {
  const [state, setState] = useState<{ isBusy: boolean; problem: string | null }>({ isBusy: false, problem: null });
  const isInProgress = useRef(false);
  const act = useCallback(async (action: Action) => {
    if (isInProgress.current) return null;
    isInProgress.current = true;
    setState({ isBusy: true, problem: null });
    const result = await sendAction(action);
    isInProgress.current = false;
    setState({ isBusy: false, problem: result.ok ? null : result.problem });
    return result;
  }, []);
  return { ...state, act };
}
