import { z } from 'zod';
import { jsonIn } from './body-text.ts';
import { isNotHttp, isTransientStatus } from './connections.ts';
import { baseUrl, headerValue } from './documented-request.ts';
import { isMarkup } from './expected-body.ts';
import { type HttpOutcome, type HttpRequest, type HttpResponse, headerOf, sendRequest } from './http-client.ts';
import { noResponse, summarizeHead, summarizeResponse } from './response-summary.ts';
import type { ConnectFailure, ResponseSummary, TokenFailure } from './results.ts';
import { type ServiceCall, type ServiceMonitor, serviceFailureOf } from './service-failure.ts';

/** The credentials of an OAuth server-to-server client. */
export type ImsClient = {
  readonly imsUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: string;
};

/** `scopes`: those of the token, if they are not the ones that were asked for (RFC 6749, 5.1); null if IMS does not say. */
export type IssuedToken = {
  readonly ok: true;
  readonly token: string;
  readonly lifetimeMs: number;
  readonly scopes: readonly string[] | null;
};
export type TokenIssue =
  | IssuedToken
  | { readonly ok: false; readonly reason: TokenFailure; readonly answer: ResponseSummary };

// Adobe's documentation: `{"access_token":"…","token_type":"bearer","expires_in":86399}`, in seconds.
const tokenResponse = z.object({
  access_token: z.string().regex(headerValue),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().positive(),
  scope: z.string().optional().catch(undefined),
});

/**
 * Adobe's documentation: `POST {IMS_URL}/ims/token/v3`, parameters in the body and never in the URL, where proxies
 * and logs would see the secret.
 */
export function imsRequest({ imsUrl, clientId, clientSecret, scopes }: ImsClient, timeoutMs: number): HttpRequest {
  const form = new URLSearchParams([
    ['client_id', clientId],
    ['client_secret', clientSecret],
    ['grant_type', 'client_credentials'],
    ['scope', scopes],
  ]);
  return {
    method: 'POST',
    url: new URL(`${baseUrl(imsUrl)}/ims/token/v3`),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    timeoutMs,
  };
}

/** Requests a token from IMS once, without retries. */
export async function issueToken(
  request: HttpRequest,
  clientSecret: string,
  monitor: ServiceMonitor,
  onCall: (call: ServiceCall) => void = () => {},
): Promise<TokenIssue> {
  const begun = performance.now();
  const { issue } = await issueDatedToken(request, clientSecret, monitor);
  const durationMs = performance.now() - begun;
  onCall({ result: issue.ok ? 'ok' : issue.reason, isOwn: issue.ok, durationMs });
  return issue;
}

/** The same with the response's header `Date`, by which clocks can be compared. */
export async function issueDatedToken(
  request: HttpRequest,
  clientSecret: string,
  monitor: ServiceMonitor,
): Promise<{ readonly issue: TokenIssue; readonly date: string | null }> {
  const outcome = await sendRequest(request);
  const issue = issueOf(outcome, [clientSecret]);
  monitor(issue.ok ? null : serviceFailureOf(issue.reason, outcome, request.url));
  return { issue, date: outcome.kind === 'responded' ? (headerOf(outcome.response, 'date') ?? null) : null };
}

const notConnectedReasons: Readonly<Record<ConnectFailure, TokenFailure>> = {
  no_connection: 'ims_unreachable',
  tls_failed: 'ims_tls_failed',
  host_not_found: 'ims_host_not_found',
  proxy_refused: 'ims_proxy_refused',
};

function issueOf(outcome: HttpOutcome, secrets: readonly string[]): TokenIssue {
  switch (outcome.kind) {
    case 'responded':
      return fromResponse(outcome.response, secrets);
    case 'interrupted':
      return { ok: false, reason: interruptionReason(outcome), answer: summarizeHead(outcome.head, secrets) };
    case 'never_connected':
      return { ok: false, reason: notConnectedReasons[outcome.reason], answer: noResponse };
    default:
      return outcome satisfies never;
  }
}

function interruptionReason({ reason, cause }: HttpOutcome & { kind: 'interrupted' }): TokenFailure {
  return reason === 'answer_too_large' || isNotHttp(cause.code) ? 'ims_unexpected_answer' : 'ims_unreachable';
}

function fromResponse(response: HttpResponse, secrets: readonly string[]): TokenIssue {
  // Node waits for the final response, so there is no 1xx.
  if (response.status > 299) return refused(response, secrets);
  const body = tokenResponse.safeParse(jsonIn(response.body ?? ''));
  // A 2xx that we cannot read may hold a token, so its body is not quoted.
  if (!body.success) return { ok: false, reason: 'ims_unexpected_answer', answer: summarizeHead(response, secrets) };
  const { access_token: token, expires_in, scope } = body.data;
  return { ok: true, token, lifetimeMs: expires_in * 1000, scopes: scope?.split(/[\s,]+/).filter(Boolean) ?? null };
}

function refused(response: HttpResponse, secrets: readonly string[]): TokenIssue {
  const { status, body } = response;
  const isPage = isMarkup(body ?? '');
  // The HTML of a page is useless to people.
  const answer = isPage ? summarizeHead(response, secrets) : summarizeResponse(response, secrets);
  return { ok: false, reason: failureOf(status, isPage), answer };
}

function failureOf(status: number, isPage: boolean): TokenFailure {
  if (status === 429) return 'ims_busy';
  if (isTransientStatus(status)) return 'ims_unreachable';
  return [400, 401, 403].includes(status) && !isPage ? 'ims_refused' : 'ims_unexpected_answer';
}
