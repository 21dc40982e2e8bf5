import type { RecordedEvent } from '../../../../src/requests/events.ts';
import { exactTime, fullDate } from '../time-format.ts';

const shownOfDigest = 10;

/** The events of one request, in order. */
export function RecordedEvents({ events }: { events: readonly RecordedEvent[] }) {
  return (
    <ol className="events" aria-label="Events">
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
