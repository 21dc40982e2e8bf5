import { useMemo, useRef, useState } from 'react';
import type { Place, Snapshot } from '../../snapshot.ts';
import { Composer } from '../composer/composer.tsx';
import { useComposerFocus } from '../composer/use-composer-focus.ts';
import { Icon } from '../icon.tsx';
import { kindNames, PlaceIcon, placeName } from '../place-name.tsx';
import { Announcer } from './announcer.tsx';
import type { RenderContext } from './blocks.tsx';
import { Invitation } from './invitation.tsx';
import { MessageList } from './message-list.tsx';

type Props = {
  readonly snapshot: Snapshot;
  readonly place: Place;
  readonly renderContext: RenderContext;
  /** The `ts` of the message whose thread is open. */
  readonly thread: string | null;
  readonly onThread: (ts: string | null) => void;
  /** Shown in the header where there is no channel list beside it. */
  readonly channelSelect?: React.ReactNode;
};

export function Conversation({ snapshot, place, renderContext, thread, onThread, channelSelect = null }: Props) {
  const [text, setText] = useState('');
  const [written, setWritten] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  useComposerFocus(input, place.id);
  const { me, people, known } = snapshot;
  const here = useMemo(
    () => snapshot.entries.filter(({ channel }) => channel === place.id),
    [snapshot.entries, place.id],
  );
  const name = people.find(({ id }) => id === me)?.name ?? me;
  const propose = (example: string) => {
    setText(example);
    input.current?.focus();
  };
  return (
    <div className="conversation">
      <header className="channel-header">
        <h2 className={channelSelect === null ? undefined : 'visually-hidden'}>
          {placeName(place)}
          <PlaceIcon kind={place.kind} />
        </h2>
        {channelSelect}
        <PlaceTags place={place} />
      </header>
      <Announcer
        key={`${me}/${place.id}/announced`}
        entries={here}
        author={known.users.find(({ id }) => id === me)?.name ?? me}
        known={known}
      />
      <MessageList
        key={`${me}/${place.id}`}
        snapshot={snapshot}
        channel={place.id}
        label={`Messages in ${placeName(place)}`}
        renderContext={renderContext}
        thread={thread}
        onThread={onThread}
        written={written}
        invitation={<Invitation place={place} offers={snapshot.offers[place.id]} onTry={propose} />}
      />
      <Composer
        snapshot={snapshot}
        place={place}
        author={name}
        text={text}
        onText={setText}
        input={input}
        onWritten={() => setWritten((count) => count + 1)}
      />
    </div>
  );
}

function PlaceTags({ place: { kind, hasBot } }: { place: Place }) {
  return (
    <p className="tags">
      <span className={kind === 'shared' ? 'tag tag-warning' : 'tag'}>{kindNames[kind]}</span>
      {!hasBot && (
        <span className="tag tag-warning">
          <Icon name="warning" />
          campaign-wf is not in this channel
        </span>
      )}
    </p>
  );
}
