import type { RecordedRequest, ShownRecord, Snapshot } from '../../snapshot.ts';
import { Icon } from '../icon.tsx';
import { exactTime, fullDate } from '../time-format.ts';
import { RawEvents, ToldEvents } from './recorded-events.tsx';
import { useRecord } from './use-record.ts';
import { nameOf, Words } from './words.tsx';

export function RecordPanel({ snapshot }: { snapshot: Snapshot }) {
  const { record, hasFailed } = useRecord(snapshot);
  return (
    <>
      <h2>Record</h2>
      <p className="lead">
        Every request with its events from the bot’s ledger. All events stand in one log, and each message in the
        channel shows its checkpoint, so every change is detected.
      </p>
      <p role="alert" className="problem" hidden={!hasFailed}>
        {hasFailed && 'The ledger could not be read.'}
      </p>
      {record === null && !hasFailed && <p className="empty">Reading the ledger…</p>}
      {record !== null && <Checkpoint checkpoint={record.checkpoint} />}
      {record?.requests.length === 0 && <p className="empty">No requests yet.</p>}
      {record !== null && record.requests.length > 0 && (
        <ol className="cards" aria-label="Requests in the ledger">
          {record.requests.map((request) => (
            <li key={request.id}>
              <RequestRecord request={request} known={snapshot.known} />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function Checkpoint({ checkpoint }: Pick<ShownRecord, 'checkpoint'>) {
  if (checkpoint === null) return null;
  return (
    <details className="card">
      <summary>
        Checkpoint <code>{checkpoint.short}</code>
      </summary>
      <pre>{checkpoint.text}</pre>
    </details>
  );
}

type Shown = { request: RecordedRequest; known: Snapshot['known'] };

function RequestRecord({ request, known }: Shown) {
  const { id, requestedAt, state, story, flaw } = request;
  return (
    <details className="card">
      <summary>
        <code className="request-id">{id}</code>
        <span className="record-order">{story && <Words phrase={story.order} known={known} />}</span>
        {story && <span>{nameOf(story.requester, known.users)}</span>}
        <time dateTime={new Date(requestedAt).toISOString()} title={fullDate(requestedAt)}>
          {exactTime(requestedAt)}
        </time>
        <span className="record-state">{state.replaceAll('_', ' ')}</span>
        <Verdict count={request.events.length} flaw={flaw} />
      </summary>
      {story && (
        <p className="record-outcome">
          {story.reason !== '' && (
            <>
              Reason: {story.reason}
              <br />
            </>
          )}
          <Words phrase={story.outcome} known={known} />
        </p>
      )}
      {story && <ToldEvents request={request} known={known} />}
      <Proof request={request} />
      <details className="raw-events">
        <summary>Raw events</summary>
        <RawEvents events={request.events} />
      </details>
    </details>
  );
}

function Proof({ request: { id, flaw, isSealed } }: Pick<Shown, 'request'>) {
  if (flaw !== null) return null;
  if (!isSealed) return <p className="record-proof">Its last events get their places in the log within a second.</p>;
  return (
    <p className="record-proof">
      <a href={`/proofs/${id}.json`} download={`${id}.json`}>
        Download proof
      </a>{' '}
      and check it: <code>npm run audit -- check {id}.json</code>
    </p>
  );
}

function Verdict({ count, flaw }: { count: number; flaw: string | null }) {
  if (flaw !== null) {
    return (
      <span className="verdict tone-bad">
        <Icon name="warning" />
        {flaw}
      </span>
    );
  }
  return (
    <span className="verdict tone-good">
      <Icon name="chain" />
      Chain valid: {count === 1 ? '1 event, its digest' : `${count} events, all digests`} verified
    </span>
  );
}
