import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { isJson, parseJson, requestUrl } from '../http/message.ts';

export type Fields = Record<string, unknown>;

/** The arguments of a call: from the query, a form, or JSON. */
export async function readFields(request: IncomingMessage): Promise<Fields> {
  const query = requestUrl(request).searchParams;
  const body = await text(request);
  const sent = isJson(request.headers['content-type']) ? fieldsOfJson(body) : fieldsOfForm(new URLSearchParams(body));
  return { ...fieldsOfForm(query), ...sent };
}

function fieldsOfForm(form: URLSearchParams): Fields {
  return Object.fromEntries(form);
}

function fieldsOfJson(body: string): Fields {
  const value = parseJson(body);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
