import { type KeyboardEvent, useState } from 'react';
import { type Completion, completionsOf } from './completions.ts';
import type { KnownNames } from './known-names.ts';

export type Completing = {
  readonly completions: readonly Completion[];
  readonly active: number;
  readonly choose: (completion: Completion) => void;
  /** Call it with every change of the text. */
  readonly reopen: () => void;
  readonly close: () => void;
  /** True where the list handled the key. */
  readonly handleKey: (event: KeyboardEvent) => boolean;
};

/** The list below the composer: open while there is a completion, until Escape. */
export function useCompletion(text: string, known: KnownNames, onText: (text: string) => void): Completing {
  const [active, setActive] = useState(-1);
  const [isClosed, setClosed] = useState(true);
  const completions = isClosed ? [] : completionsOf(text, known);
  const reopen = () => {
    setActive(-1);
    setClosed(false);
  };
  const close = () => {
    setActive(-1);
    setClosed(true);
  };
  const choose = ({ completed }: Completion) => {
    onText(completed);
    reopen();
  };
  const take = (completion: Completion | undefined) => {
    if (completion === undefined) return false;
    choose(completion);
    return true;
  };
  const move = (by: number) => {
    const count = completions.length + 1;
    setActive(((active + 1 + by + count) % count) - 1);
    return true;
  };
  const handleKey = ({ key, shiftKey }: KeyboardEvent): boolean => {
    if (completions.length === 0) return false;
    switch (key) {
      case 'ArrowDown':
        return move(1);
      case 'ArrowUp':
        return move(-1);
      case 'Enter':
        return take(completions[active]);
      case 'Tab':
        return !shiftKey && take(completions[Math.max(active, 0)]);
      case 'Escape':
        close();
        return true;
      default:
        return false;
    }
  };
  return { completions, active, choose, reopen, close, handleKey };
}
