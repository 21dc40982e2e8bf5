import bolt from '@slack/bolt';
import type { SlackReason } from '../requests/reasons.ts';

const { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } = bolt.webApi;

/** What a failed call to the Web API means. `doubt`: it may have been carried out. */
export type SlackTrouble =
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number }
  | { readonly kind: 'refused'; readonly reason: SlackReason }
  | { readonly kind: 'doubt' };

/** Slack's own error names (documentation of chat.postMessage), by what they mean for people. */
const reasons: Record<string, SlackReason> = {
  not_in_channel: 'not_in_channel',
  channel_not_found: 'channel_not_found',
  is_archived: 'channel_archived',
  // What chat.update calls the same.
  is_inactive: 'channel_archived',
  restricted_action: 'posting_restricted',
  restricted_action_read_only_channel: 'posting_restricted',
  restricted_action_thread_only_channel: 'posting_restricted',
  restricted_action_non_threadable_channel: 'posting_restricted',
  restricted_action_thread_locked: 'posting_restricted',
  access_denied: 'posting_restricted',
  ekm_access_denied: 'posting_restricted',
  no_permission: 'posting_restricted',
  team_access_not_granted: 'posting_restricted',
  token_revoked: 'token_revoked',
  token_expired: 'token_revoked',
  invalid_auth: 'token_revoked',
  account_inactive: 'token_revoked',
  not_authed: 'token_revoked',
  missing_scope: 'missing_scope',
  // The workspace moves to an organization and is not there as long.
  org_login_required: 'unreachable',
};

/** Slack failed while it was at it: it may have been done. */
const slacksOwn = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);

/** Nothing can have been sent: there never was a connection. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Sorts an error of the Web API client; what is none of its errors is thrown on. */
export function troubleOf(error: unknown): SlackTrouble {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'rate_limited', retryAfterMs: error.retryAfter * 1_000 };
  if (error instanceof WebAPIPlatformError) return platformTrouble(error.data.error);
  if (error instanceof WebAPIHTTPError) {
    return isRefusal(error.statusCode) ? { kind: 'refused', reason: 'message_refused' } : { kind: 'doubt' };
  }
  if (error instanceof WebAPIRequestError) {
    return wasNeverConnected(error.original) ? { kind: 'refused', reason: 'unreachable' } : { kind: 'doubt' };
  }
  if (brokeOff(error)) return { kind: 'doubt' };
  throw error;
}

/** Whether a refusal by that name is one of the token itself, whatever it was used for. */
export function refusesToken(name: string): boolean {
  return reasons[name] === 'token_revoked';
}

/** The name of a refusal by Slack itself, for the log and for decisions on a single one; null for anything else. */
export function platformError(error: unknown): string | null {
  return error instanceof WebAPIPlatformError ? error.data.error : null;
}

function platformTrouble(name: string): SlackTrouble {
  if (name === 'ratelimited' || name === 'rate_limited') return { kind: 'rate_limited', retryAfterMs: 1_000 };
  if (slacksOwn.has(name) || !isErrorName(name)) return { kind: 'doubt' };
  return { kind: 'refused', reason: reasons[name] ?? 'message_refused' };
}

/** The client takes an answer that is no JSON, some proxy's page, for the name of an error. */
function isErrorName(name: string): boolean {
  return /^[a-z][a-z0-9_]*$/.test(name);
}

/** A 408 says that somebody gave up waiting, not what had arrived by then. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408;
}

/** The answer ended or fell silent while it was read: the client lets through what `fetch` throws then. */
function brokeOff(error: unknown): boolean {
  return (
    (error instanceof TypeError && error.message === 'terminated') ||
    (error instanceof DOMException && error.name === 'TimeoutError')
  );
}

/** `fetch` tells the reason as the cause of a TypeError, several of them as an AggregateError. */
function wasNeverConnected(error: Error): boolean {
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && neverConnected.has(String(cause.code));
}
