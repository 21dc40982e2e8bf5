import { useRef, useState } from 'react';
import type { Place, Snapshot } from '../../snapshot.ts';
import { Composer } from '../composer/composer.tsx';
import { Icon } from '../icon.tsx';
import { kindNames, PlaceIcon, placeName } from '../place-name.tsx';
import type { RenderContext } from './blocks.tsx';
import { Invitation } from './invitation.tsx';
import { MessageList } from './message-list.tsx';

type Props = {
  readonly snapshot: Snapshot;
  readonly place: Place;
  readonly renderContext: RenderContext;
  /** Shown in the header where there is no channel list beside it. */
  readonly channelSelect?: React.ReactNode;
};

export function Conversation({ snapshot, place, renderContext, channelSelect = null }: Props) {
  const [text, setText] = useState('');
  const [written, setWritten] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const { me, people } = snapshot;
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
      <MessageList
        key={`${me}/${place.id}`}
        snapshot={snapshot}
        channel={place.id}
        label={`Messages in ${placeName(place)}`}
        renderContext={renderContext}
        written={written}
        invitation={<Invitation place={place} onTry={propose} />}
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
