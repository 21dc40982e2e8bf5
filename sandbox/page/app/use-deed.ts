import { useCallback, useRef, useState } from 'react';
import type { Deed } from '../deeds.ts';
import type { Result } from '../snapshot.ts';
import { sendDeed } from './send-deed.ts';

export type Doing = {
  readonly isBusy: boolean;
  /** What the last deed failed with; null while one is under way. */
  readonly problem: string | null;
  /** Gives null where another one is under way still: a second click does nothing. */
  readonly act: (deed: Deed) => Promise<Result | null>;
};

/** One deed at a time, with what went wrong. */
export function useDeed(): Doing {
  const [state, setState] = useState<{ isBusy: boolean; problem: string | null }>({ isBusy: false, problem: null });
  const isUnderWay = useRef(false);
  const act = useCallback(async (deed: Deed) => {
    if (isUnderWay.current) return null;
    isUnderWay.current = true;
    setState({ isBusy: true, problem: null });
    const result = await sendDeed(deed);
    isUnderWay.current = false;
    setState({ isBusy: false, problem: result.ok ? null : result.problem });
    return result;
  }, []);
  return { ...state, act };
}
