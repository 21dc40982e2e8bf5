import type { Place } from '../snapshot.ts';
import { PlaceIcon, placeName } from './place-name.tsx';

type Props = {
  readonly channels: readonly Place[];
  readonly current: string;
  /** The channels with unread messages. */
  readonly unread: ReadonlySet<string>;
  readonly onGo: (channel: string) => void;
};

export function ChannelList({ channels, current, unread, onGo }: Props) {
  return (
    <nav aria-label="Channels" className="channels">
      <h2>Channels</h2>
      <ul>
        {channels.map((place) => (
          <li key={place.id}>
            <button
              type="button"
              aria-current={place.id === current ? 'page' : undefined}
              onClick={() => onGo(place.id)}
            >
              <span className="channel-name">{placeName(place)}</span>
              <PlaceIcon kind={place.kind} />
              {unread.has(place.id) && (
                <span className="unread">
                  <span className="visually-hidden">(new)</span>
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The same on a small screen. */
export function ChannelSelect({ channels, current, unread, onGo }: Props) {
  return (
    <label className="channel-select">
      <span className="visually-hidden">Channel</span>
      <select value={current} onChange={({ target }) => onGo(target.value)}>
        {channels.map((place) => (
          <option key={place.id} value={place.id}>
            {placeName(place)}
            {unread.has(place.id) ? ' (new)' : ''}
          </option>
        ))}
      </select>
    </label>
  );
}
