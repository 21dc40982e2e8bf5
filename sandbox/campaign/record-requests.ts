import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { RequestHandler } from '../http/loopback-server.ts';
import { readBody, sendOutcome } from '../http/message.ts';
import type { RecordedRequest } from './recorded-request.ts';
import type { Reply } from './reply.ts';

/** Far larger than a command or a sign-in. */
const maxBytes = 100_000;

/** Called when a whole request was received, unless it is too long. */
type Respond = (request: RecordedRequest) => Reply;

/** Records each request with its response. `answered` is called when the response is sent, or will not be. */
export function createRecordingHandler(respond: Respond, answered: () => void): RequestHandler {
  let received = 0;
  return {
    async handle(incoming, response) {
      received += 1;
      const number = received;
      const body = await readBody(incoming, maxBytes);
      if (body === null) return sendOutcome(response, { status: 413, headers: {}, body: '' });
      const request = record(incoming, number, body);
      await answer(request, respond(request), response);
      answered();
    },
    onError: (_error, _request, response) => response.destroy(),
  };
}

async function answer(request: RecordedRequest, reply: Reply, response: ServerResponse): Promise<void> {
  if (reply.kind !== 'answer') {
    request.answer = reply.kind === 'drop' ? 'dropped' : 'hanging';
    return sendOutcome(response, reply.kind);
  }
  const { status, headers, body, delayMs } = reply;
  // The process may end before the delay is over.
  if (delayMs !== undefined) await delay(delayMs, undefined, { ref: false });
  request.answer = { status, headers, body };
  sendOutcome(response, { status, headers, body });
}

function record(incoming: IncomingMessage, number: number, body: string): RecordedRequest {
  const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
  return {
    number,
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: Object.fromEntries(headers),
    writtenHeaders: pairs(incoming.rawHeaders),
    body,
    at: Date.now(),
    answer: null,
    reachedCampaign: false,
  };
}

/** Node returns them as one list of names and values. */
function pairs(row: readonly string[]): [string, string][] {
  return row.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, row[at + 1] ?? '']] : []));
}
