import { Fragment, useRef } from 'react';
import type { Snapshot } from '../../snapshot.ts';
import { Icon } from '../icon.tsx';
import { dayName, dayOf } from '../time-format.ts';
import type { RenderContext } from './blocks.tsx';
import { type Item, itemsIn, keyOf } from './items.ts';
import { MessageEntry } from './message-entry.tsx';
import { Thread } from './thread.tsx';
import { useFollowing } from './use-following.ts';
import { usePermalinks } from './use-permalinks.ts';

type Props = {
  readonly snapshot: Snapshot;
  readonly channel: string;
  readonly label: string;
  readonly renderContext: RenderContext;
  /** How often the person has written here. */
  readonly written: number;
  /** Shown in an empty conversation. */
  readonly invitation: React.ReactNode;
};

/** The conversation of a channel. It scrolls to new entries while the reader is at the end. */
export function MessageList({ snapshot, channel, label, renderContext, written, invitation }: Props) {
  const items = itemsIn(snapshot.entries, channel);
  const list = useRef<HTMLDivElement>(null);
  const { hasNew, goToNewest } = useFollowing(list, newestIn(items), written);
  const isLost = usePermalinks(list);
  const { me, shortcuts } = snapshot;
  return (
    <div className="messages">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled has to be reachable by keyboard */}
      <div role="log" aria-label={label} className="log" ref={list} tabIndex={0}>
        <div className="log-content">
          {items.length === 0 && invitation}
          {items.map(({ entry, replies }, at) => (
            <Fragment key={keyOf(entry)}>
              <Day item={items[at]} before={items[at - 1]} />
              <MessageEntry
                entry={entry}
                me={me}
                renderContext={renderContext}
                shortcuts={shortcuts}
                isAlsoInThread={entry.threadTs !== null}
              />
              {replies.length > 0 && (
                <Thread
                  startedAt={entry.at}
                  replies={replies}
                  me={me}
                  renderContext={renderContext}
                  shortcuts={shortcuts}
                />
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
  const entries = items.flatMap(({ entry, replies }) => [entry, ...replies]);
  const newest = entries.toSorted((one, other) => other.at - one.at)[0];
  return newest === undefined ? null : keyOf(newest);
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
