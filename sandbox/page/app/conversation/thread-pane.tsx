import { useEffect, useRef } from 'react';
import type { Place, Snapshot } from '../../snapshot.ts';
import { Icon } from '../icon.tsx';
import { placeName } from '../place-name.tsx';
import { exactTime } from '../time-format.ts';
import type { RenderContext } from './blocks.tsx';
import { countedReplies, keyOf, replyCount, type Thread } from './items.ts';
import { MessageEntry } from './message-entry.tsx';
import { useFollowing } from './use-following.ts';
import { usePermalinks } from './use-permalinks.ts';

type Props = {
  readonly thread: Thread;
  readonly place: Place;
  readonly snapshot: Snapshot;
  readonly renderContext: RenderContext;
  /** Takes the place of the conversation, instead of a column beside it. */
  readonly isWhole?: boolean;
  readonly onThread: (ts: string | null) => void;
};

/** A thread: its message and the replies. Escape closes it, and its summary gets the focus back. */
export function ThreadPane({ thread, place, snapshot, renderContext, isWhole = false, onThread }: Props) {
  const { me, shortcuts, entries } = snapshot;
  const { root, replies } = thread;
  const pane = useRef<HTMLElement>(null);
  const list = useRef<HTMLElement>(null);
  const newest = replies.at(-1);
  useFollowing(list, newest === undefined ? null : keyOf(newest), 0);
  usePermalinks(list, entries, onThread);
  useReturnedFocus(pane, root.ts);
  const close = () => onThread(null);
  const entryProps = { me, renderContext, shortcuts };
  return (
    <section
      ref={pane}
      tabIndex={-1}
      className="thread-pane"
      aria-label={`Thread of ${root.author}, ${exactTime(root.at)}`}
      onKeyDown={({ key, defaultPrevented }) => {
        if (key === 'Escape' && !defaultPrevented) close();
      }}
    >
      <header className="channel-header">
        {isWhole && (
          <button type="button" className="icon-button" aria-label={`Back to ${placeName(place)}`} onClick={close}>
            <Icon name="back" />
          </button>
        )}
        <h2>Thread</h2>
        <p className="thread-place">{placeName(place)}</p>
        {!isWhole && (
          <button type="button" className="icon-button" aria-label="Close thread" onClick={close}>
            <Icon name="cross" />
          </button>
        )}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled has to be reachable by keyboard */}
      <section className="log" ref={list} tabIndex={0} aria-label="Messages in this thread">
        <div className="thread-content">
          <MessageEntry entry={root} {...entryProps} />
          <p className="reply-count">
            <span>{replyCount(countedReplies(thread).length)}</span>
          </p>
          {replies.map((entry) => (
            <MessageEntry key={keyOf(entry)} entry={entry} isAlsoInChannel={entry.isBroadcast} {...entryProps} />
          ))}
        </div>
      </section>
    </section>
  );
}

/** The pane gets the focus when it opens, and gives it back when it closes. */
function useReturnedFocus(pane: React.RefObject<HTMLElement | null>, ts: string): void {
  useEffect(() => {
    pane.current?.focus();
    return () => {
      if (document.activeElement !== document.body) return;
      document.querySelector<HTMLElement>(`[data-thread="${ts}"]`)?.focus();
    };
  }, [pane, ts]);
}
