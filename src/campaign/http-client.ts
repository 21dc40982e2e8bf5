import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import got, { type Request, RequestError, type StreamOptions, TimeoutError } from 'got';
import { decodeText, unpack } from './body-text.ts';
import {
  type Connections,
  connectFailure,
  connectionsTo,
  type ErrorCause,
  tunnelRefusalStatus,
} from './connections.ts';
import type { ConnectFailure } from './results.ts';

/** Answers are a few lines; more than this is not read, packed or unpacked. */
const maxBodyBytes = 1_000_000;

/** How much longer than got itself we wait for it to end at its time-out. */
const graceMs = 500;

export type HttpRequest = {
  method: 'GET' | 'POST';
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** For all phases together, from the look-up of the name to the last byte of the answer. */
  timeoutMs: number;
};

export type HttpHead = { status: number; headers: Readonly<Record<string, string | string[] | undefined>> };
/** `body` is null when it cannot be unpacked. */
export type HttpResponse = HttpHead & { body: string | null };

/** What happened to a request. Nothing is thrown. */
export type HttpOutcome =
  | { kind: 'answered'; answer: HttpResponse }
  /** No connection stood (no TLS session, with https), so not a byte of the request can have left. */
  | { kind: 'never_connected'; reason: ConnectFailure; cause: ErrorCause }
  /** It may have arrived. `head` is there if an answer had begun. */
  | {
      kind: 'broken_off';
      reason: 'timeout' | 'connection_lost' | 'answer_too_large';
      head: HttpHead | null;
      cause: ErrorCause;
    };

const noCause: ErrorCause = { code: null, proxyStatus: null };

/** Sends a request once: no retries, no redirects, no kept connection. Never rejects. */
export async function sendRequest(request: HttpRequest): Promise<HttpOutcome> {
  const { url, timeoutMs } = request;
  const connections = connectionsTo(url, timeoutMs);
  const stream = got.stream(url, optionsOf(request, connections.agent));
  const overdue = new AbortController();
  const arrived: { head: HttpHead | null } = { head: null };
  stream.once('response', ({ statusCode, headers }) => {
    arrived.head = { status: statusCode, headers };
  });
  // A connection that turned into something else is not closed by itself.
  stream.once('upgrade', (_response: unknown, socket: Duplex) => {
    socket.destroy();
    stream.destroy(new Error('The protocol was switched'));
  });
  // The loop below hears of the error that ends it. One that comes later must not end the process.
  stream.on('error', () => undefined);
  try {
    const body = await Promise.race([readBody(stream), failAfter(timeoutMs + graceMs, overdue.signal)]);
    return conclude(body, arrived.head);
  } catch (error) {
    const cause = causeOf(error);
    if (!connections.wasConnected(stream)) return { kind: 'never_connected', reason: connectFailure(cause), cause };
    const reason = cause.code === timedOut ? 'timeout' : 'connection_lost';
    return { kind: 'broken_off', reason, head: arrived.head, cause };
  } finally {
    overdue.abort();
    stream.destroy();
  }
}

function conclude(body: Uint8Array | null, head: HttpHead | null): HttpOutcome {
  if (body === null) return { kind: 'broken_off', reason: 'answer_too_large', head, cause: noCause };
  if (head === null) return { kind: 'broken_off', reason: 'connection_lost', head, cause: noCause };
  const unpacked = unpack(body, headerOf(head, 'content-encoding'), maxBodyBytes);
  if (unpacked.kind === 'too_large') return { kind: 'broken_off', reason: 'answer_too_large', head, cause: noCause };
  const text = unpacked.kind === 'unpacked' ? decodeText(unpacked.bytes) : null;
  return { kind: 'answered', answer: { ...head, body: text } };
}

const timedOut = 'ETIMEDOUT';

function causeOf(error: unknown): ErrorCause {
  if (error instanceof TimeoutError || error instanceof OverdueError) return { code: timedOut, proxyStatus: null };
  if (!(error instanceof RequestError)) return noCause;
  // The code that got gives to errors that have none says nothing.
  const code = error.code === 'ERR_GOT_REQUEST_ERROR' ? null : error.code;
  return { code, proxyStatus: tunnelRefusalStatus(error) };
}

/** Node joins repeated headers to one text, except for cookies. */
export function headerOf({ headers }: Pick<HttpHead, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

function optionsOf({ method, headers, body, timeoutMs }: HttpRequest, agent: Connections['agent']): StreamOptions {
  return {
    method,
    headers: { ...headers, 'user-agent': undefined },
    ...(body === undefined ? {} : { body }),
    timeout: { request: timeoutMs },
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    // No accept-encoding: it is none of the documented headers. What comes packed all the same is unpacked within bounds.
    decompress: false,
    agent,
    // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED=0 cannot hand the token to anybody.
    https: { rejectUnauthorized: true },
  };
}

/** Null when it is too large; the connection is then closed. */
async function readBody(stream: Request): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes: Uint8Array = chunk;
    size += bytes.byteLength;
    if (size > maxBodyBytes) return null;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** The time was over, and got did not end: while a proxy opens its tunnel there is no socket that it could close. */
class OverdueError extends Error {
  override name = 'OverdueError';
}

async function failAfter(ms: number, signal: AbortSignal): Promise<never> {
  await wait(ms, undefined, { signal });
  throw new OverdueError();
}
