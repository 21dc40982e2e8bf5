import { cut, redact } from './body-text.ts';
import { errorFamily } from './error-format.ts';
import type { HttpAnswer, HttpHead } from './exchange.ts';
import type { ResponseSummary } from './results.ts';

const MAX_TEXT = 300;
const MAX_REQUEST_ID = 100;

/** Where nothing came back. */
export const NO_ANSWER: ResponseSummary = { status: null, text: null, adobeRequestId: null };

/** An answer as people may read it. `secrets` are what must not be quoted, whatever the other side wrote. */
export function readableAnswer(answer: HttpAnswer, secrets: readonly string[]): ResponseSummary {
  return { ...answerHead(answer, secrets), text: readable(plainText(answer.body ?? ''), secrets) };
}

/** The same for an answer that broke off: half of a text could hold half of a secret, so none is shown. */
export function answerHead(head: HttpHead | null, secrets: readonly string[]): ResponseSummary {
  if (head === null) return NO_ANSWER;
  const id = head.headers['x-request-id'];
  const adobeRequestId = typeof id === 'string' && id !== '' ? cut(redact(id, secrets), MAX_REQUEST_ID) : null;
  return { status: head.status, text: null, adobeRequestId };
}

function plainText(body: string): string {
  const family = errorFamily(body);
  return family.name === 'gateway' ? `${family.code} ${family.message}` : body;
}

function readable(text: string, secrets: readonly string[]): string | null {
  if (text.trim() === '' || isBinary(text)) return null;
  return cut(redact(text.toWellFormed(), secrets), MAX_TEXT);
}

/** Text has no control characters but white space; what has them is packed or not meant for people. */
export function isBinary(text: string): boolean {
  return /[^\P{Cc}\t\n\v\f\r\u0080-\u009f]/u.test(text);
}
