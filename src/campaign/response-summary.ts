import { cut, redact } from './body-text.ts';
import { errorFamily } from './error-format.ts';
import type { HttpHead, HttpResponse } from './http-client.ts';
import type { ResponseSummary } from './results.ts';

const maxTextLength = 300;
const maxRequestIdLength = 100;

/** Where nothing came back. */
export const noResponse: ResponseSummary = { status: null, text: null, adobeRequestId: null };

/** An answer as people may read it. `secrets` are what must not be quoted, whatever the other side wrote. */
export function summarizeResponse(answer: HttpResponse, secrets: readonly string[]): ResponseSummary {
  return { ...summarizeHead(answer, secrets), text: readable(plainText(answer.body ?? ''), secrets) };
}

/** The same for an answer that broke off: half of a text could hold half of a secret, so none is shown. */
export function summarizeHead(head: HttpHead | null, secrets: readonly string[]): ResponseSummary {
  if (head === null) return noResponse;
  const id = head.headers['x-request-id'];
  const adobeRequestId = typeof id === 'string' && id !== '' ? cut(redact(id, secrets), maxRequestIdLength) : null;
  return { status: head.status, text: null, adobeRequestId };
}

function plainText(body: string): string {
  const family = errorFamily(body);
  return family.name === 'gateway' ? `${family.code} ${family.message}` : body;
}

function readable(text: string, secrets: readonly string[]): string | null {
  if (text.trim() === '' || isBinary(text)) return null;
  return cut(redact(text.toWellFormed(), secrets), maxTextLength);
}

/** Text has no control characters but white space; what has them is packed or not meant for people. */
export function isBinary(text: string): boolean {
  return /[^\P{Cc}\t\n\v\f\r\u0080-\u009f]/u.test(text);
}
