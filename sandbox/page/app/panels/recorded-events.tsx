import type { RecordedRequest, Snapshot } from '../../snapshot.ts';
import { exactTime, fullDate } from '../time-format.ts';
import { Words } from './words.tsx';

const shownOfDigest = 10;

/** The events of one request in words, in order. */
export function ToldEvents({ request, known }: { request: RecordedRequest; known: Snapshot['known'] }) {
  const { events, story } = request;
  return (
    <ol className="events" aria-label="Events">
      {events.map(({ sequence, at }, index) => (
        <li key={sequence} className="told-event">
          <span className="sequence">{sequence}</span>
          <time dateTime={new Date(at).toISOString()} title={fullDate(at)}>
            {exactTime(at)}
          </time>
          <span>
            <Words phrase={story?.events[index] ?? []} known={known} />
          </span>
        </li>
      ))}
    </ol>
  );
}

/** The events as they are recorded. */
export function RawEvents({ events }: Pick<RecordedRequest, 'events'>) {
  return (
    <ol className="events" aria-label="Raw events">
      {events.map(({ sequence, type, at, digest, data }) => (
        <li key={sequence}>
          <div className="event-head">
            <span className="sequence">{sequence}</span>
            <strong>{type.replaceAll('_', ' ')}</strong>
            <time dateTime={new Date(at).toISOString()} title={fullDate(at)}>
              {exactTime(at)}
            </time>
            <code title={digest}>{digest.slice(0, shownOfDigest)}…</code>
          </div>
          {Object.keys(data).length > 0 && <pre>{JSON.stringify(data, null, 2)}</pre>}
        </li>
      ))}
    </ol>
  );
}
