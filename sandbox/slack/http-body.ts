import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

export type Fields = Record<string, unknown>;

/** The arguments of a call, however they were sent: in the query, as a form, or as JSON. */
export async function readFields(request: IncomingMessage): Promise<Fields> {
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
  const body = await text(request);
  const sent = isJson(request.headers['content-type']) ? fieldsOfJson(body) : fieldsOfForm(new URLSearchParams(body));
  return { ...fieldsOfForm(query), ...sent };
}

export function isJson(contentType: string | undefined): boolean {
  return contentType?.toLowerCase().startsWith('application/json') ?? false;
}

function fieldsOfForm(form: URLSearchParams): Fields {
  return Object.fromEntries(form);
}

function fieldsOfJson(body: string): Fields {
  const value = parseJson(body);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** What is not JSON stays the string that it is. */
export function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** A string is sent as text, anything else as JSON. */
export type Reply = { status: number; body: unknown; headers?: Record<string, string> };

export function sendReply(response: ServerResponse, { status, body, headers = {} }: Reply): void {
  const isText = typeof body === 'string';
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(isText ? body : JSON.stringify(body));
}
