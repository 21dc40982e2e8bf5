import { useEffect, useRef } from 'react';
import type { Completion } from './completions.ts';

type Props = {
  readonly id: string;
  readonly completions: readonly Completion[];
  /** -1 where none is selected. */
  readonly active: number;
  readonly onChoose: (completion: Completion) => void;
};

export function CompletionList({ id, completions, active, onChoose }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div role="listbox" id={id} aria-label="Completions" className="completions" ref={list}>
      {completions.map((completion, at) => (
        // The composer keeps the focus and handles the keyboard.
        // biome-ignore lint/a11y/useKeyWithClickEvents: see above
        // biome-ignore lint/a11y/useFocusableInteractive: see above
        <div
          key={completion.name}
          role="option"
          id={optionId(id, at)}
          aria-selected={at === active}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(completion)}
        >
          <code>{completion.name}</code>
          <span>{completion.about}</span>
        </div>
      ))}
    </div>
  );
}

export function optionId(list: string, at: number): string {
  return `${list}-${at}`;
}
