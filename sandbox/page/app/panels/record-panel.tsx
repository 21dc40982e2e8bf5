import type { RecordedRequest, ShownRecord, Snapshot, ToldRequest } from '../../snapshot.ts';
import { Icon } from '../icon.tsx';
import { dateAndTime, fullDate } from '../time-format.ts';
import { RawEvents, ToldEvents } from './recorded-events.tsx';
import { useRecord } from './use-record.ts';
import { nameOf, Words } from './words.tsx';

export function RecordPanel({ snapshot }: { snapshot: Snapshot }) {
  const { record, hasFailed } = useRecord(snapshot);
  return (
    <>
      <h2>Record</h2>
      <p className="lead">
        Every request: what, by whom, when, why, and what came of it. All events stand in one log, and each message in
        the channel shows its checkpoint, so every change is detected.
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
  const { requestedAt, state, story } = request;
  return (
    <details className="card">
      <summary>
        <strong className="record-order">{story && <Words phrase={story.order} known={known} />}</strong>
        <span className="record-state">{state.replaceAll('_', ' ')}</span>
        <span className="record-who">
          {story && <Who story={story} known={known} />}
          <time dateTime={new Date(requestedAt).toISOString()} title={fullDate(requestedAt)}>
            {dateAndTime(requestedAt)}
          </time>
          {story !== null && story.reason !== '' && <span className="record-reason">“{story.reason}”</span>}
        </span>
        <Verdict request={request} />
      </summary>
      {story && (
        <ul className="record-summary" aria-label="In words">
          {story.summary.map((sentence, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the sentences never change places
            <li key={at}>
              <Words phrase={sentence} known={known} />
            </li>
          ))}
        </ul>
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

/** "alice, confirmed by bob and carol" */
function Who({ story, known }: { story: ToldRequest; known: Snapshot['known'] }) {
  const names = story.confirmers.map((id) => nameOf(id, known.users));
  return (
    <span>
      {nameOf(story.requester, known.users)}
      {names.length > 0 && `, confirmed by ${names.join(' and ')}`}
    </span>
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

function Verdict({ request: { id, events, flaw } }: Pick<Shown, 'request'>) {
  const count = events.length;
  return (
    <span className={flaw === null ? 'verdict tone-good' : 'verdict tone-bad'}>
      <Icon name={flaw === null ? 'chain' : 'warning'} />
      <span>
        {flaw ?? `Chain valid: ${count === 1 ? '1 event, its digest' : `${count} events, all digests`} verified`}
      </span>
      <code className="request-id">{id}</code>
    </span>
  );
}
