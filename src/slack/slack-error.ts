import bolt from '@slack/bolt';
import { z } from 'zod';
import type { SlackReason } from '../requests/outcome.ts';
import { isSlackUnavailable } from '../requests/retry-policy.ts';

const { SlackError, WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } = bolt.webApi;

/** The kinds of failed calls to the Web API. `doubt`: the call may have been carried out. */
export type SlackFailure =
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number }
  | { readonly kind: 'refused'; readonly reason: SlackReason }
  | { readonly kind: 'doubt' };

/** The token itself is refused. It can become valid again while a message waits. */
const tokenErrors = [
  'token_revoked',
  'token_expired',
  'invalid_auth',
  'account_inactive',
  'not_authed',
  'not_allowed_token_type',
  'user_removed_from_team',
  'team_disabled',
] as const;

/** Posting in the channel is restricted. */
const restrictions = [
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  'restricted_action_non_threadable_channel',
  'restricted_action_thread_locked',
  'access_denied',
  'no_permission',
  'team_access_not_granted',
] as const;

/** Slack will never accept this message, or not in this place. */
const messageErrors = [
  'msg_too_long',
  'msg_blocks_too_long',
  'no_text',
  'invalid_arguments',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_metadata_format',
  'invalid_metadata_schema',
  'metadata_too_large',
  'block_mismatch',
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'thread_not_found',
  'cannot_reply_to_message',
  'cannot_dm_bot',
  'messages_tab_disabled',
] as const;

/** Not carried out, and possible later: the workspace or the network is closed for some time. */
const temporary = [
  'accesslimited',
  'message_limit_exceeded',
  'ekm_access_denied',
  'external_channel_migrating',
  'org_login_required',
] as const;

/**
 * The known refusals (documentation of chat.postMessage and chat.update), and the reason that people read. The list is
 * closed: after any other error it is unknown whether the message was posted.
 */
const reasons: ReadonlyMap<string, SlackReason> = new Map<string, SlackReason>([
  ['not_in_channel', 'not_in_channel'],
  ['channel_not_found', 'channel_not_found'],
  ['is_archived', 'channel_archived'],
  // The name of the same error in chat.update.
  ['is_inactive', 'channel_archived'],
  ['missing_scope', 'missing_scope'],
  ...tokenErrors.map((name) => [name, 'token_revoked'] as const),
  ...restrictions.map((name) => [name, 'posting_restricted'] as const),
  ...messageErrors.map((name) => [name, 'message_refused'] as const),
  ...temporary.map((name) => [name, 'unreachable'] as const),
]);

/** The body of a refusal with a status other than 200. */
const refusalBody = z.object({ ok: z.literal(false), error: z.string() });

/** Slack reports its own failure: the call may have been carried out. */
const failures: ReadonlySet<string> = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);

const rateLimits: ReadonlySet<string> = new Set(['ratelimited', 'rate_limited']);

/** Network errors without a connection: nothing can have been sent. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Classifies an error of the Web API client, and rethrows any other error. An answer that lacks a required field
 * (ZodError) counts as not Slack's.
 */
export function classifySlackError(error: unknown): SlackFailure {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'rate_limited', retryAfterMs: error.retryAfter * 1_000 };
  const name = platformError(error);
  if (name !== null) return classifyPlatformError(name);
  if (error instanceof WebAPIRequestError && wasNeverConnected(error.original)) {
    return { kind: 'refused', reason: 'unreachable' };
  }
  if (error instanceof SlackError || error instanceof z.ZodError) return { kind: 'doubt' };
  throw error;
}

/** Whether a call to Slack has failed, and not this program. */
export function isSlackError(error: unknown): boolean {
  return error instanceof SlackError;
}

/** Whether the error code refuses the token itself, in any method. */
export function refusesToken(name: string): boolean {
  return reasons.get(name) === 'token_revoked';
}

/** Whether an error shows that Slack works: it answered the call itself, accepts the token, and reports no failure or limit of its own. */
export function isSlackWorking(error: unknown): boolean {
  const name = platformError(error);
  if (name === null || failures.has(name) || rateLimits.has(name)) return false;
  return !isSlackUnavailable(reasons.get(name) ?? null);
}

/** Whether Slack says with this error code that it has failed itself. */
export function isOwnFailure(name: string): boolean {
  return failures.has(name);
}

/** Whether the error code is a rate limit. Some limits come with status 200. */
export function isRateLimit(name: string): boolean {
  return rateLimits.has(name);
}

/** Whether the workspace or the network is closed to the app for some time. */
export function isClosed(name: string): boolean {
  return temporary.some((each) => each === name);
}

/** Whether an error code is transient: Slack documents it so, or the code is unknown. */
export function isTemporary(name: string): boolean {
  return rateLimits.has(name) || (reasons.get(name) ?? 'unreachable') === 'unreachable';
}

/** Slack's error code of a refused call; null for any other error. */
export function platformError(error: unknown): string | null {
  if (error instanceof WebAPIPlatformError) return error.data.error;
  return error instanceof WebAPIHTTPError ? (refusalBody.safeParse(error.body).data?.error ?? null) : null;
}

/** The reason of a failed call for the log: Slack's error code, or the error of the network, TLS or the proxy, which `fetch` hides in `cause`. */
export function failureReason(error: unknown): string {
  const name = platformError(error);
  if (name !== null) return name;
  if (error instanceof WebAPIRateLimitedError) return 'ratelimited';
  const cause = error instanceof WebAPIRequestError ? error.original : Error.isError(error) ? error.cause : null;
  return Error.isError(cause) ? failureReason(cause) : String(error);
}

function classifyPlatformError(name: string): SlackFailure {
  if (rateLimits.has(name)) return { kind: 'rate_limited', retryAfterMs: 1_000 };
  const reason = reasons.get(name);
  return reason === undefined ? { kind: 'doubt' } : { kind: 'refused', reason };
}

/** `fetch` puts the reason into the `cause` of a TypeError, several reasons as an AggregateError. */
function wasNeverConnected(error: Error): boolean {
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && neverConnected.has(String(cause.code));
}
