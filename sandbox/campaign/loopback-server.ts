import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from '../read-body.ts';
import type { RecordedRequest } from './recorded-request.ts';
import type { Reply } from './reply.ts';

export type LoopbackServer = { url: string; close(): Promise<void> };

/** Far more than a command or a sign-in has. */
const mostBytes = 100_000;

/**
 * An HTTP server on 127.0.0.1. `hear` is called when a whole request has come, unless it is far too long for one; `answered` when its fate is sealed.
 * @param port 0 for a free one
 */
export async function startLoopbackServer(
  port: number,
  hear: (request: RecordedRequest) => Reply,
  answered: () => void,
): Promise<LoopbackServer> {
  let came = 0;
  const server = createServer((incoming, response) => {
    came += 1;
    handle(incoming, response, { number: came, hear, answered }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${portOf(server.address())}`, close: () => close(server) };
}

type Hearing = { number: number; hear: (request: RecordedRequest) => Reply; answered: () => void };

async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  { number, hear, answered }: Hearing,
): Promise<void> {
  const sent = await readBody(incoming, mostBytes);
  if (sent === null) {
    response.writeHead(413).end();
    return;
  }
  const request = record(incoming, number, sent);
  const reply = hear(request);
  if (reply.kind !== 'answer') {
    if (reply.kind === 'drop') incoming.socket.destroy();
    request.answer = reply.kind === 'drop' ? 'dropped' : 'hanging';
    answered();
    return;
  }
  const { status, headers, body, delayMs } = reply;
  const write = () => {
    request.answer = { status, headers, body };
    response.writeHead(status, headers).end(body);
    answered();
  };
  if (delayMs === undefined) write();
  else setTimeout(write, delayMs).unref();
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

/** Node gives them in one row, each name before its value. */
function pairs(row: readonly string[]): [string, string][] {
  return row.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, row[at + 1] ?? '']] : []));
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('Not listening on a port');
  return address.port;
}

function close(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
