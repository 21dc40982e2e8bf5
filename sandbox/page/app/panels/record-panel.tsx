import type { RecordedRequest, Snapshot } from '../../snapshot.ts';
import { Icon } from '../icon.tsx';
import { exactTime, fullDate } from '../time-format.ts';
import { RecordedEvents } from './recorded-events.tsx';
import { useRecord } from './use-record.ts';

export function RecordPanel({ snapshot }: { snapshot: Snapshot }) {
  const { requests, hasFailed } = useRecord(snapshot);
  return (
    <>
      <h2>Record</h2>
      <p className="lead">
        Every request with its events from the bot’s ledger. Each event has the digest of the previous one, so every
        change is detected.
      </p>
      <p role="alert" className="problem" hidden={!hasFailed}>
        {hasFailed && 'The ledger could not be read.'}
      </p>
      {requests === null && !hasFailed && <p className="empty">Reading the ledger…</p>}
      {requests?.length === 0 && <p className="empty">No requests yet.</p>}
      {requests !== null && requests.length > 0 && (
        <ol className="cards" aria-label="Requests in the ledger">
          {requests.map((request) => (
            <li key={request.id}>
              <RequestRecord request={request} />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function RequestRecord({ request }: { request: RecordedRequest }) {
  const { id, requestedAt, state, events, flaw } = request;
  return (
    <details className="card">
      <summary>
        <code className="request-id">{id}</code>
        <span className="record-order">{orderOf(request)}</span>
        <time dateTime={new Date(requestedAt).toISOString()} title={fullDate(requestedAt)}>
          {exactTime(requestedAt)}
        </time>
        <span className="record-state">{state.replaceAll('_', ' ')}</span>
        <Verdict count={events.length} flaw={flaw} />
      </summary>
      <RecordedEvents events={events} />
    </details>
  );
}

/** "stop WKF110" */
function orderOf({ events }: RecordedRequest): string {
  const first = events[0];
  if (first?.type !== 'requested') return '';
  const { verb, workflowId, environment } = first.data.order;
  return [verb, workflowId === '*' ? environment : workflowId].join(' ');
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
