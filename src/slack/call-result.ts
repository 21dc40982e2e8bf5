import bolt from '@slack/bolt';
import { NotSlackError } from './fetch.ts';
import {
  failureReason,
  isClosed,
  isOwnFailure,
  isRateLimit,
  isTemporary,
  platformError,
  refusesToken,
} from './slack-error.ts';

const { WebAPIHTTPError, WebAPIRateLimitedError, WebAPIRequestError } = bolt.webApi;

/**
 * How a call to Slack ended.
 *
 * - `ok`: carried out
 * - `refused`: Slack works, and does not do this: `not_in_channel`, `missing_scope` …
 * - `rate_limited`: a 429, or the same with status 200
 * - `token_refused`: Slack refuses the bot's token
 * - `closed`: the workspace, or this network, is closed to the app for some time (`accesslimited` …); of a post, also any
 *   error that Slack does not document
 * - `server_error`: a 5xx, or an error code with which Slack says that it has failed
 * - `not_slack`: somebody else's answer: a page of a proxy, a redirect
 * - `timeout`, `no_connection`: there was no answer
 * - `fault`: an error of the bot itself
 */
export const slackCallResults = [
  'ok',
  'refused',
  'rate_limited',
  'token_refused',
  'closed',
  'server_error',
  'not_slack',
  'timeout',
  'no_connection',
  'fault',
] as const;
export type SlackCallResult = (typeof slackCallResults)[number];

/** Details for the log: nothing secret. `code`: Slack's error code, or that of the network. */
export type SlackCallCause = {
  readonly status: number | null;
  readonly code: string | null;
  readonly detail: string | null;
};

/** `durationMs` includes the client's own retries. `retryAfterMs`: how long Slack asks to wait; null: it does not. */
export type SlackCall = {
  /** A method of the Web API, or `response_url`. */
  readonly method: string;
  readonly result: SlackCallResult;
  readonly durationMs: number;
  readonly retryAfterMs: number | null;
  readonly cause: SlackCallCause;
};

type Failed = Omit<SlackCall, 'method' | 'durationMs'>;

export const noCause: SlackCallCause = { status: null, code: null, detail: null };

export function failedCall(method: string, error: unknown): Failed {
  const name = platformError(error);
  const retryAfterMs = error instanceof WebAPIRateLimitedError ? error.retryAfter * 1_000 : null;
  const result = retryAfterMs === null ? resultOf(method, error, name) : 'rate_limited';
  const cause = { status: statusOf(error), code: name ?? codeOf(error), detail: failureReason(error) };
  return { result, retryAfterMs, cause };
}

function resultOf(method: string, error: unknown, name: string | null): SlackCallResult {
  if (name !== null) return resultOfRefusal(method, name);
  const status = statusOf(error);
  if (status !== null) return status >= 500 ? 'server_error' : 'not_slack';
  if (!(error instanceof WebAPIRequestError)) return 'fault';
  return isTimeout(error.original) ? 'timeout' : 'no_connection';
}

function resultOfRefusal(method: string, name: string): SlackCallResult {
  if (isRateLimit(name)) return 'rate_limited';
  if (refusesToken(name)) return 'token_refused';
  if (isOwnFailure(name)) return 'server_error';
  return isClosed(name) || (method.startsWith('chat.') && isTemporary(name)) ? 'closed' : 'refused';
}

function statusOf(error: unknown): number | null {
  if (error instanceof WebAPIHTTPError) return error.statusCode;
  if (error instanceof WebAPIRateLimitedError) return 429;
  const original = error instanceof WebAPIRequestError ? error.original : error;
  return original instanceof NotSlackError ? original.status : null;
}

/** `AbortSignal.timeout` has no code. */
export function isTimeout(error: unknown): boolean {
  if (!Error.isError(error)) return false;
  return error.name === 'TimeoutError' || /TIMEOUT|TIMEDOUT/.test(codeOf(error) ?? '');
}

/** The code of a network error, which `fetch` hides in `cause`, of several the first. */
export function codeOf(error: unknown): string | null {
  if (error instanceof WebAPIRequestError) return codeOf(error.original);
  if (!Error.isError(error)) return null;
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const own = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return own ?? codeOf(error.cause);
}
