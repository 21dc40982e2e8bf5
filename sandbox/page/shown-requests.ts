import { maskedRequest } from '../campaign/masked-request.ts';
import type { RecordedRequest } from '../campaign/recorded-request.ts';
import type { ShownAnswer, ShownRequest } from './snapshot.ts';

/** The number of requests of each side that are shown. */
const mostRequests = 60;

/** The latest requests, newest first, without secrets. */
export function shownRequests(
  campaign: readonly RecordedRequest[],
  ims: readonly RecordedRequest[],
): readonly ShownRequest[] {
  const shown = [...latest('campaign', campaign), ...latest('ims', ims)];
  return shown.sort((one, other) => other.number - one.number);
}

function latest(side: ShownRequest['side'], requests: readonly RecordedRequest[]): ShownRequest[] {
  return requests.slice(-mostRequests).map((request) => show(side, maskedRequest(request)));
}

function show(side: ShownRequest['side'], request: RecordedRequest): ShownRequest {
  const { number, at, method, path, writtenHeaders, body, answer } = request;
  return { number, at, side, method, path, headers: writtenHeaders, body, answer: shownAnswer(answer) };
}

function shownAnswer(answer: RecordedRequest['answer']): ShownAnswer {
  if (answer === null) return { kind: 'awaited' };
  if (answer === 'dropped') return { kind: 'cut' };
  if (answer === 'hanging') return { kind: 'silence' };
  const { status, headers, body } = answer;
  return { kind: 'answered', status, headers: Object.entries(headers), body };
}
