import { useId, useState } from 'react';
import type { Entry, Snapshot } from '../../snapshot.ts';
import { Icon } from '../icon.tsx';
import { exactTime } from '../time-format.ts';
import type { RenderContext } from './blocks.tsx';
import { keyOf } from './items.ts';
import { MessageEntry } from './message-entry.tsx';

/** More replies than this are collapsed at first. */
const mostExpanded = 6;

type Props = {
  /** When the thread's message was posted. */
  readonly startedAt: number;
  readonly replies: readonly Entry[];
  readonly me: string;
  readonly renderContext: RenderContext;
  readonly shortcuts: Snapshot['shortcuts'];
};

export function Thread({ startedAt, replies, ...rest }: Props) {
  const [isOpen, setOpen] = useState(replies.length <= mostExpanded);
  const id = useId();
  return (
    <section className="thread" aria-label={`Thread of ${exactTime(startedAt)}`}>
      <button type="button" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
        <Icon name="thread" />
        {replies.length === 1 ? '1 reply' : `${replies.length} replies`}
      </button>
      <div id={id} hidden={!isOpen}>
        {isOpen && replies.map((entry) => <MessageEntry key={keyOf(entry)} entry={entry} {...rest} />)}
      </div>
    </section>
  );
}
