import { type ErrorFamily, errorFamily, isWrittenInFront } from './error-format.ts';
import { isExpectedBody } from './expected-body.ts';
import type { HttpResponse } from './http-client.ts';
import type { CommandVerdict, NotReachedReason, RejectedReason, UnknownReason } from './results.ts';

type GatewayRefusal = { readonly status: number; readonly code: RegExp } & (
  | { readonly kind: 'not_reached'; readonly reason: NotReachedReason }
  | { readonly kind: 'rejected'; readonly reason: RejectedReason }
);

/** The gateway's own error codes. A code counts only with its status, because `not_reached` permits sending again. */
const gatewayRefusals: readonly GatewayRefusal[] = [
  { status: 401, code: /^401013$/, kind: 'not_reached', reason: 'token_expired' },
  { status: 429, code: /^429/, kind: 'not_reached', reason: 'gateway_busy' },
  { status: 503, code: /^503/, kind: 'not_reached', reason: 'gateway_unavailable' },
  { status: 403, code: /^403023$/, kind: 'rejected', reason: 'profile_invalid' },
  { status: 403, code: /^403(000|003|010|011)$/, kind: 'rejected', reason: 'key_or_scope' },
];

/** Any other 4xx is `other`. */
const rejectedReasons: ReadonlyMap<number, RejectedReason> = new Map([
  [400, 'bad_request'],
  [401, 'token_refused'],
  [404, 'workflow_not_found'],
  [429, 'rate_limited'],
]);

/**
 * What a response proves about the command. Pure and total. `unknown` is the default: only responses that are known to
 * be an acceptance, a rejection or the gateway's own refusal are classified as such.
 * @param now milliseconds since 1970, for a `Retry-After` that is a date
 */
export function classify(response: HttpResponse, now: number): CommandVerdict {
  const { status } = response;
  if (isInClass(status, 200))
    return isExpectedBody(response) ? { kind: 'accepted' } : { kind: 'unknown', reason: 'unexpected_answer' };
  if (isInClass(status, 300)) return { kind: 'unknown', reason: 'redirected' };
  const family = errorFamily(response.body ?? '');
  const refusal = gatewayRefusal(status, family);
  if (refusal !== undefined) return gatewayVerdict(refusal, response, now);
  // 408 Request Timeout does not say how much of the request had arrived.
  if (status === 408) return { kind: 'unknown', reason: 'timeout' };
  if (isInClass(status, 400)) return { kind: 'rejected', reason: rejectedReason(response) };
  return { kind: 'unknown', reason: unknownReason(family) };
}

/** A 404 that was not written by Campaign says nothing about the workflow. */
function rejectedReason(response: HttpResponse): RejectedReason {
  const reason = rejectedReasons.get(response.status) ?? 'other';
  return reason === 'workflow_not_found' && isWrittenInFront(response) ? 'other' : reason;
}

function gatewayRefusal(status: number, family: ErrorFamily): GatewayRefusal | undefined {
  if (family.name !== 'gateway') return undefined;
  return gatewayRefusals.find((refusal) => refusal.status === status && refusal.code.test(family.code));
}

function gatewayVerdict(refusal: GatewayRefusal, { headers }: HttpResponse, now: number): CommandVerdict {
  if (refusal.kind === 'rejected') return { kind: 'rejected', reason: refusal.reason };
  return { kind: 'not_reached', reason: refusal.reason, retryAfterMs: retryAfterMs(headers['retry-after'], now) };
}

function unknownReason(family: ErrorFamily): UnknownReason {
  switch (family.name) {
    case 'entry':
      return 'entry_error';
    case 'campaign':
      return 'campaign_error';
    case 'gateway':
    case 'stranger':
      return 'server_error';
    default:
      return family satisfies never;
  }
}

function isInClass(status: number, hundred: number): boolean {
  return status >= hundred && status < hundred + 100;
}

// RFC 9110, 5.6.7: three date formats, all of which begin with the day of the week.
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /;

/**
 * A `Retry-After` header (RFC 9110, 10.2.3: whole seconds, or a date) in milliseconds from `now`.
 * Zero for a date in the past; null if the header is absent or invalid.
 */
export function retryAfterMs(header: string | string[] | undefined, now: number): number | null {
  if (typeof header !== 'string') return null;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : dateMs(text) - now;
  return Number.isSafeInteger(Math.trunc(ms)) ? Math.max(0, Math.trunc(ms)) : null;
}

function dateMs(text: string): number {
  if (!httpDate.test(text)) return Number.NaN;
  // The oldest of the three formats has no zone and means GMT.
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
}
