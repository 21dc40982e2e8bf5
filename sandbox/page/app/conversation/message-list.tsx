import { Fragment, useRef } from 'react';
import type { Snapshot } from '../../snapshot.ts';
import { Icon } from '../icon.tsx';
import { dayName, dayOf } from '../time-format.ts';
import type { RenderContext } from './blocks.tsx';
import { type Item, itemsIn, keyOf } from './items.ts';
import { MessageEntry } from './message-entry.tsx';
import { ThreadSummary } from './thread-summary.tsx';
import { useFollowing } from './use-following.ts';
import { usePermalinks } from './use-permalinks.ts';

type Props = {
  readonly snapshot: Snapshot;
  readonly channel: string;
  readonly label: string;
  readonly renderContext: RenderContext;
  /** The `ts` of the message whose thread is open. */
  readonly thread: string | null;
  readonly onThread: (ts: string | null) => void;
  /** How often the person has written here. */
  readonly written: number;
  /** Shown in an empty conversation. */
  readonly invitation: React.ReactNode;
};

/** The conversation of a channel. It scrolls to new entries while the reader is at the end. */
export function MessageList(props: Props) {
  const { snapshot, channel, label, renderContext, thread: openThread, onThread, written, invitation } = props;
  const items = itemsIn(snapshot.entries, channel);
  const list = useRef<HTMLDivElement>(null);
  const { hasNew, goToNewest } = useFollowing(list, newestIn(items), written);
  const isLost = usePermalinks(list, snapshot.entries, onThread);
  const { me, shortcuts } = snapshot;
  return (
    <div className="messages">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled has to be reachable by keyboard */}
      <div role="log" aria-live="off" aria-label={label} className="log" ref={list} tabIndex={0}>
        <div className="log-content">
          {items.length === 0 && invitation}
          {items.map(({ entry, thread, repliesTo }, at) => (
            <Fragment key={keyOf(entry)}>
              <Day item={items[at]} before={items[at - 1]} />
              <MessageEntry
                entry={entry}
                me={me}
                renderContext={renderContext}
                shortcuts={shortcuts}
                repliesTo={repliesTo}
                onThread={onThread}
              />
              {thread !== null && (
                <ThreadSummary thread={thread} isOpen={thread.root.ts === openThread} onOpen={onThread} />
              )}
            </Fragment>
          ))}
        </div>
      </div>
      <p role="alert" className="problem" hidden={!isLost}>
        {isLost && 'That message is not shown here: it is in another channel, or too old.'}
      </p>
      {hasNew && (
        <button type="button" className="new-messages" onClick={goToNewest}>
          <Icon name="down" />
          New messages
        </button>
      )}
    </div>
  );
}

function newestIn(items: readonly Item[]): string | null {
  const newest = items.at(-1);
  return newest === undefined ? null : keyOf(newest.entry);
}

function Day({ item, before }: { item: Item | undefined; before: Item | undefined }) {
  if (item === undefined) return null;
  const { at } = item.entry;
  if (before !== undefined && dayOf(before.entry.at) === dayOf(at)) return null;
  return (
    <div className="day">
      <span>{dayName(at, Date.now())}</span>
    </div>
  );
}
