import { cut, redact } from './body-text.ts';
import { errorFamily } from './error-format.ts';
import type { HttpHead, HttpResponse } from './http-client.ts';
import type { ResponseSummary } from './results.ts';

const maxTextLength = 300;
const maxRequestIdLength = 100;

/** For a request without a response. */
export const noResponse: ResponseSummary = { status: null, text: null, adobeRequestId: null };

/** A response, for people to read. `secrets` are redacted from it. */
export function summarizeResponse(response: HttpResponse, secrets: readonly string[]): ResponseSummary {
  return { ...summarizeHead(response, secrets), text: readable(plainText(response.body ?? ''), secrets) };
}

/** The same without the body: an incomplete text could hold half of a secret, which cannot be redacted. */
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

/** Whether there are control characters other than white space: such data is compressed or not meant for people. */
export function isBinary(text: string): boolean {
  return /[^\P{Cc}\t\n\v\f\r\u0080-\u009f]/u.test(text);
}
