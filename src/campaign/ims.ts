import { z } from 'zod';
import { baseUrl } from './base-url.ts';
import { type Exchange, exchange, type HttpAnswer, type HttpRequest } from './exchange.ts';
import { HEADER_VALUE } from './header-value.ts';
import { jsonIn } from './json-in.ts';
import { answerHead, NO_ANSWER, readableAnswer } from './readable-answer.ts';
import type { Answer, TokenFailure } from './send-result.ts';

/** The credentials of an OAuth server-to-server client. */
export type ImsClient = { imsUrl: string; clientId: string; clientSecret: string; scopes: string };

export type IssuedToken = { ok: true; token: string; lifetimeMs: number };
type Issue = IssuedToken | { ok: false; reason: TokenFailure; answer: Answer };

// Adobe's documentation: `{"access_token":"…","token_type":"bearer","expires_in":86399}`, in seconds.
const Issued = z.object({
  access_token: z.string().regex(HEADER_VALUE),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().positive(),
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

/** Asks IMS once. */
export async function issueToken(request: HttpRequest, clientSecret: string): Promise<Issue> {
  return issued(await exchange(request), [clientSecret]);
}

function issued(outcome: Exchange, secrets: readonly string[]): Issue {
  switch (outcome.kind) {
    case 'answered':
      return fromAnswer(outcome.answer, secrets);
    case 'broken_off':
      return { ok: false, reason: 'ims_unreachable', answer: answerHead(outcome.head, secrets) };
    case 'never_connected':
      return { ok: false, reason: 'ims_unreachable', answer: NO_ANSWER };
    default:
      return outcome satisfies never;
  }
}

function fromAnswer(answer: HttpAnswer, secrets: readonly string[]): Issue {
  if (answer.status < 200 || answer.status > 299) {
    return { ok: false, reason: failureOf(answer.status), answer: readableAnswer(answer, secrets) };
  }
  const body = Issued.safeParse(jsonIn(answer.body ?? ''));
  // A yes that we cannot read may hold a token: nothing of it is quoted.
  if (!body.success) return { ok: false, reason: 'ims_unreachable', answer: answerHead(answer, secrets) };
  return { ok: true, token: body.data.access_token, lifetimeMs: body.data.expires_in * 1000 };
}

function failureOf(status: number): TokenFailure {
  if ([400, 401, 403].includes(status)) return 'ims_refused';
  return status === 429 ? 'ims_busy' : 'ims_unreachable';
}
