import { memo, useCallback, useMemo, useRef } from 'react';
import type { Entry, Snapshot } from '../../snapshot.ts';
import { Avatar } from '../avatar.tsx';
import { Icon } from '../icon.tsx';
import { clockTime, fullDate } from '../time-format.ts';
import { useAction } from '../use-action.ts';
import { Blocks, type RenderContext, textBlocks } from './blocks.tsx';
import type { Pressable } from './buttons.ts';
import { keyOf } from './items.ts';
import { MessageMenu } from './message-menu.tsx';
import { ShownOrText } from './shown-or-text.tsx';
import { firstLine } from './spoken-text.ts';
import { useKeptFocus } from './use-kept-focus.ts';
import { usePresses } from './use-presses.ts';

type Props = {
  readonly entry: Entry;
  readonly me: string;
  readonly renderContext: RenderContext;
  readonly shortcuts: Snapshot['shortcuts'];
  /** In the channel, for a reply that was also sent there: the message of its thread. */
  readonly repliesTo?: Entry | null;
  /** In the thread, for such a reply. */
  readonly isAlsoInChannel?: boolean;
  readonly onThread?: (ts: string) => void;
};

/** One message or private reply, with working buttons. */
export const MessageEntry = memo(function MessageEntry(props: Props) {
  const { entry, me, renderContext, shortcuts, repliesTo = null, isAlsoInChannel = false, onThread } = props;
  const { author, at, isApp, isPrivate, isEdited, text } = entry;
  const article = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const blocks = useMemo(() => (entry.blocks.length > 0 ? entry.blocks : textBlocks(entry.text)), [entry]);
  const { problem, act } = useAction();
  const press = useCallback((pressed: Pressable) => act(pressOf(entry, me, pressed)), [act, entry, me]);
  usePresses(content, blocks, press);
  useKeptFocus(article, content, blocks);
  return (
    <article
      ref={article}
      tabIndex={-1}
      className={isPrivate ? 'entry entry-private' : 'entry'}
      aria-label={`${author}, ${clockTime(at)}${isPrivate ? ', only visible to you' : ''}`}
      data-entry={keyOf(entry)}
    >
      {isPrivate && <Remark icon="eye" text="Only visible to you" />}
      {isAlsoInChannel && <Remark icon="chat" text="Also sent to the channel" />}
      <Avatar name={author} isApp={isApp} />
      <div className="entry-body">
        <header>
          <span className="author">{author}</span>
          {isApp && <span className="app-badge">APP</span>}
          <time dateTime={new Date(at).toISOString()} title={fullDate(at)}>
            {clockTime(at)}
          </time>
          {isEdited && <span className="edited">(edited)</span>}
        </header>
        {repliesTo !== null && (
          <p className="replied-to">
            replied to a thread:{' '}
            <button type="button" onClick={() => onThread?.(repliesTo.ts)}>
              {firstLine(repliesTo, renderContext.known)}
            </button>
          </p>
        )}
        <div ref={content}>
          <ShownOrText text={text}>
            <Blocks blocks={blocks} renderContext={renderContext} />
          </ShownOrText>
        </div>
        <p role="alert" className="problem" hidden={problem === null}>
          {problem}
        </p>
      </div>
      {isApp && !isPrivate && <MessageMenu entry={entry} me={me} shortcuts={shortcuts} act={act} />}
    </article>
  );
});

function Remark({ icon, text }: { icon: 'eye' | 'chat'; text: string }) {
  return (
    <p className="remark">
      <Icon name={icon} />
      {text}
    </p>
  );
}

function pressOf({ channel, ts, isPrivate }: Entry, me: string, { action_id: actionId = '', value }: Pressable) {
  return { type: 'press', as: me, channel, ts, actionId, isPrivate, ...(value !== undefined && { value }) } as const;
}
