import type { Duplex } from 'node:stream';
import got, { type Request, RequestError, type StreamOptions, TimeoutError } from 'got';
import { decodeText, unpack } from './body-text.ts';
import {
  type Connections,
  connectFailure,
  connectionsTo,
  type ErrorCause,
  isTunnelTimeout,
  tunnelRefusalStatus,
} from './connections.ts';
import type { ConnectFailure } from './results.ts';

/** Responses are a few lines. A larger body, compressed or decompressed, is not read. */
const maxBodyBytes = 1_000_000;

/** How much longer than got's own time limit we wait for got to end the request. */
const graceMs = 500;

export type HttpRequest = {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For all phases together, from the DNS look-up to the last byte of the response. */
  readonly timeoutMs: number;
};

export type HttpHead = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
};
/** `body` is null if it cannot be decompressed. */
export type HttpResponse = HttpHead & { readonly body: string | null };

/** How a request ended. Nothing is thrown. */
export type HttpOutcome =
  | { readonly kind: 'responded'; readonly response: HttpResponse }
  /** The connection (with https: the TLS session) was never complete, so no byte of the request can have been sent. */
  | { readonly kind: 'never_connected'; readonly reason: ConnectFailure; readonly cause: ErrorCause }
  /** The request may have arrived. `head` is set if a response had begun. */
  | {
      readonly kind: 'interrupted';
      readonly reason: 'timeout' | 'connection_lost' | 'answer_too_large';
      readonly head: HttpHead | null;
      readonly cause: ErrorCause;
    };

const noCause: ErrorCause = { code: null, proxyStatus: null };

/** Sends a request once: no retries, no redirects, no connection reuse. Never rejects. */
export async function sendRequest(request: HttpRequest): Promise<HttpOutcome> {
  const { url, timeoutMs } = request;
  const connections = connectionsTo(url, timeoutMs);
  const stream = got.stream(url, optionsOf(request, connections.agent));
  const deadline = startDeadline(timeoutMs + graceMs);
  const received: { head: HttpHead | null } = { head: null };
  stream.once('response', ({ statusCode, headers }) => {
    received.head = { status: statusCode, headers };
  });
  // got does not close a connection that was upgraded to another protocol.
  stream.once('upgrade', (_response: unknown, socket: Duplex) => {
    socket.destroy();
    stream.destroy(new Error('The protocol was switched'));
  });
  // `readBody` gets the error that ends it. A later error must not crash the process.
  stream.on('error', () => undefined);
  try {
    const body = await Promise.race([readBody(stream), deadline.passed]);
    return conclude(body, received.head);
  } catch (error) {
    const cause = causeOf(error);
    if (!connections.wasConnected(stream)) return { kind: 'never_connected', reason: connectFailure(cause), cause };
    const reason = cause.code === timedOut ? 'timeout' : 'connection_lost';
    return { kind: 'interrupted', reason, head: received.head, cause };
  } finally {
    deadline.cancel();
    stream.destroy();
  }
}

function conclude(body: Uint8Array | null, head: HttpHead | null): HttpOutcome {
  if (body === null) return { kind: 'interrupted', reason: 'answer_too_large', head, cause: noCause };
  if (head === null) return { kind: 'interrupted', reason: 'connection_lost', head, cause: noCause };
  const unpacked = unpack(body, headerOf(head, 'content-encoding'), maxBodyBytes);
  if (unpacked.kind === 'too_large') return { kind: 'interrupted', reason: 'answer_too_large', head, cause: noCause };
  const text = unpacked.kind === 'unpacked' ? decodeText(unpacked.bytes) : null;
  return { kind: 'responded', response: { ...head, body: text } };
}

const timedOut = 'ETIMEDOUT';

function causeOf(error: unknown): ErrorCause {
  if (error instanceof TimeoutError || error instanceof OverdueError) return { code: timedOut, proxyStatus: null };
  if (!(error instanceof RequestError)) return noCause;
  if (isTunnelTimeout(error)) return { code: timedOut, proxyStatus: null };
  // got's fallback code for errors without one is meaningless.
  const code = error.code === 'ERR_GOT_REQUEST_ERROR' ? null : error.code;
  return { code, proxyStatus: tunnelRefusalStatus(error) };
}

/** Node joins repeated headers into one string, except cookies. */
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
    // No accept-encoding: it is not a documented header. A body that is compressed anyway is decompressed up to the limit.
    decompress: false,
    agent,
    // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 cannot reveal the token to an impostor.
    https: { rejectUnauthorized: true },
  };
}

/** Null if the body is too large; the caller then closes the connection. */
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

/** The time limit passed and got did not end: while a proxy opens its tunnel, got has no socket to close. */
class OverdueError extends Error {
  override name = 'OverdueError';
}

function startDeadline(ms: number) {
  const { promise: passed, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new OverdueError()), ms);
  return { passed, cancel: () => clearTimeout(timer) };
}
