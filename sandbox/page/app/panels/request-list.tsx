import { memo } from 'react';
import type { ShownAnswer, ShownRequest } from '../../snapshot.ts';
import { exactTime, fullDate } from '../time-format.ts';
import { answerText, requestText, shortAnswer, shortPath } from './wire-text.ts';

/** The received requests, newest first. */
export function RequestList({ requests }: { requests: readonly ShownRequest[] }) {
  if (requests.length === 0) return <p className="empty">No requests yet.</p>;
  return (
    <ol className="cards" aria-label="Received requests">
      {requests.map((request) => (
        <li key={request.number}>
          <RequestCard request={request} />
        </li>
      ))}
    </ol>
  );
}

const RequestCard = memo(function RequestCard({ request }: { request: ShownRequest }) {
  const { at, side, method, path, answer } = request;
  return (
    <details className="card">
      <summary>
        <span className={side === 'ims' ? 'side side-ims' : 'side'}>{side === 'ims' ? 'IMS' : 'Campaign'}</span>
        <time dateTime={new Date(at).toISOString()} title={fullDate(at)}>
          {exactTime(at)}
        </time>
        <code className="request-line" title={`${method} ${path}`}>
          {method} {shortPath(path)} → <strong className={`answer ${toneOf(answer)}`}>{shortAnswer(answer)}</strong>
        </code>
      </summary>
      <h4>Request</h4>
      <pre>{requestText(request)}</pre>
      <h4>Response</h4>
      <pre>{answerText(answer)}</pre>
    </details>
  );
});

function toneOf(answer: ShownAnswer): string {
  if (answer.kind === 'awaited') return 'tone-moving';
  return answer.kind === 'answered' && answer.status < 400 ? 'tone-good' : 'tone-bad';
}
