import type { IncomingMessage, ServerResponse } from 'node:http';

/** The body as text. Null where it is longer than `maxBytes`: it is then read to its end without keeping it, so that the client gets a response. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= maxBytes) parts.push(part);
  }
  return bytes <= maxBytes ? Buffer.concat(parts).toString() : null;
}

/** Throws where the request line has no valid address. */
export function requestUrl({ url = '/' }: IncomingMessage): URL {
  return new URL(url, 'http://localhost');
}

export function isJson(contentType: string | undefined): boolean {
  return contentType?.toLowerCase().startsWith('application/json') ?? false;
}

/** Returns the string unchanged where it is not JSON. */
export function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** A response. The server adds only Node's own headers. */
export type RawReply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

/** A response, a connection that is closed without one, or one that stays open without one. */
export type Outcome = RawReply | 'drop' | 'hang';

export function sendOutcome(response: ServerResponse, outcome: Outcome): void {
  if (outcome === 'hang') return;
  if (outcome === 'drop') response.socket?.destroy();
  else response.writeHead(outcome.status, outcome.headers).end(outcome.body);
}

/** A string is sent as text, anything else as JSON. Names of headers are in lower case. */
export type Reply = { status: number; body: unknown; headers?: Record<string, string> };

export function rawReply({ status, body, headers = {} }: Reply): RawReply {
  const isText = typeof body === 'string';
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  return { status, headers: { 'content-type': type, ...headers }, body: isText ? body : JSON.stringify(body) };
}

export function sendReply(response: ServerResponse, reply: Reply): void {
  sendOutcome(response, rawReply(reply));
}
