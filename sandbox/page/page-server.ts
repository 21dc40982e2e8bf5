import type { IncomingMessage, ServerResponse } from 'node:http';
import { startLoopbackServer } from '../http/loopback-server.ts';
import { isJson, parseJson, readBody, sendOutcome, sendReply } from '../http/message.ts';
import { action } from './actions.ts';
import type { App } from './build-app.ts';
import { performAction } from './perform-action.ts';
import { readProof, readRecord } from './read-record.ts';
import type { Result } from './snapshot.ts';
import type { Stage } from './stage.ts';
import { takeSnapshot } from './take-snapshot.ts';

/** More than any action needs. The longest contains the rules, with up to six bytes for each character. */
const mostBytes = 1_000_000;

/** Changes within this time are sent together. */
const batchMs = 30;

export type PageServer = {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
};

/** Serves the page on 127.0.0.1; rejects where the port is taken. `port` 0 is a free one. */
export async function startPageServer(stage: Stage, app: App, port: number): Promise<PageServer> {
  const server = await startLoopbackServer(port);
  server.serve({
    handle: (request, response) => answer({ stage, app, port: server.port }, request, response),
    onError(error, _request, response) {
      process.stderr.write(`${Error.isError(error) ? error.stack : String(error)}\n`);
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'The sandbox failed. Its terminal has the error.');
    },
  });
  return { url: server.url, close: server.close };
}

type Served = { readonly stage: Stage; readonly app: App; readonly port: number };

async function answer(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isOwn(request, served.port)) return refuse(response, 403, 'This page answers on this machine only.');
  const url = URL.parse(request.url ?? '/', 'http://localhost');
  if (url === null) return refuse(response, 400, 'This is not an address.');
  const { pathname, searchParams } = url;
  const route = `${request.method} ${pathname}`;
  if (route === 'GET /events') return streamSnapshots(served.stage, searchParams.get('as'), response);
  if (route === 'GET /record') {
    return sendReply(response, { status: 200, body: await readRecord(served.stage.sandbox.ledgerPath) });
  }
  const { id } = proofRoute.exec(route)?.groups ?? {};
  if (id !== undefined) return sendProof(served.stage.sandbox.ledgerPath, id, response);
  if (route === 'POST /actions') return sendReply(response, await receiveAction(served.stage, request));
  const file = request.method === 'GET' ? served.app.get(pathname) : undefined;
  if (file === undefined) return refuse(response, 404, 'There is nothing at this address.');
  const headers = { 'content-type': file.type, 'cache-control': 'no-store' };
  sendOutcome(response, { status: 200, headers, body: file.body });
}

const proofRoute = /^GET \/proofs\/(?<id>[0-9A-Z]{8})\.json$/;

async function sendProof(ledgerPath: string, id: string, response: ServerResponse): Promise<void> {
  const body = await readProof(ledgerPath, id);
  if (body === null) return refuse(response, 404, `There is no proof of ${id}: its record does not hold.`);
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  sendOutcome(response, { status: 200, headers, body });
}

/**
 * Otherwise a foreign page that knows the port could press buttons here (a foreign `Origin`), or read the contents
 * under its own name that resolves to this machine (a foreign `Host`).
 */
function isOwn({ headers }: IncomingMessage, port: number): boolean {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host = '', origin } = headers;
  return hosts.includes(host) && (origin === undefined || hosts.some((each) => origin === `http://${each}`));
}

async function receiveAction(stage: Stage, request: IncomingMessage): Promise<{ status: number; body: Result }> {
  if (!isJson(request.headers['content-type'])) return refusal(400, 'An action is posted as JSON.');
  const body = await readBody(request, mostBytes);
  if (body === null) return refusal(413, 'This is too long: an action has at most a million bytes.');
  const read = action.safeParse(parseJson(body));
  if (!read.success) {
    return refusal(400, `This is not an action: ${read.error.issues.map(({ message }) => message).join('; ')}`);
  }
  return { status: 200, body: await performAction(stage, read.data) };
}

function refusal(status: number, problem: string) {
  return { status, body: { ok: false, problem } as const };
}

function refuse(response: ServerResponse, status: number, problem: string): void {
  sendReply(response, refusal(status, problem));
}

/** Server-sent events: the whole snapshot now, and again after each change, until the client disconnects. */
function streamSnapshots(stage: Stage, as: string | null, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  // A slow client gets the current snapshot when it is ready, without those in between.
  let isBehind = false;
  const send = () => {
    isBehind = response.writableNeedDrain;
    if (!isBehind) response.write(`data: ${JSON.stringify(takeSnapshot(stage, as))}\n\n`);
  };
  response.on('drain', () => {
    if (isBehind) send();
  });
  send();
  let timer: NodeJS.Timeout | undefined;
  const unsubscribe = stage.on(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      send();
    }, batchMs);
  });
  response.on('close', () => {
    unsubscribe();
    clearTimeout(timer);
  });
}
