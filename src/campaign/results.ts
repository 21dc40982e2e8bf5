/**
 * What Campaign, its gateway or IMS wrote, for people to read and for a support case.
 * `text` is raw but for two things: at most 300 characters, and secrets replaced by `[secret]`; null when
 * nothing readable came. `status` is null when no answer began.
 */
export type ResponseSummary = { status: number | null; text: string | null; adobeRequestId: string | null };

/**
 * A no: the command was certainly not executed.
 *
 * - `workflow_not_found`: no workflow has this ID, or it was renamed
 * - `profile_invalid`: the technical account lacks its product profile (403023)
 * - `key_or_scope`: the API key or its scopes do not permit Campaign (403000, 403003, 403010, 403011)
 * - `token_refused`: 401, for another reason than a token that ended
 * - `bad_request`: 400; a wrong organization gives it too, now and then
 * - `rate_limited`: 429, but not the gateway's own
 * - `other`: any other 4xx
 */
export type RejectedReason =
  | 'workflow_not_found'
  | 'profile_invalid'
  | 'key_or_scope'
  | 'token_refused'
  | 'bad_request'
  | 'rate_limited'
  | 'other';

/**
 * Proof that Campaign did not get the command.
 *
 * - `token_expired`: the gateway refused the token (401013)
 * - `gateway_busy`: the gateway's own 429
 * - `gateway_unavailable`: the gateway's own 503
 * - the others: no connection stood, so nothing can have been written
 */
export type NotReachedReason = 'token_expired' | 'gateway_busy' | 'gateway_unavailable' | ConnectFailure;

/**
 * Why no connection stood. Only the first may pass by itself.
 *
 * - `no_connection`: refused, reset or timed out on the way
 * - `tls_failed`: a certificate that is not trusted, is for another name or has expired, or no TLS at all
 * - `host_not_found`: the host's name, or the proxy's, does not exist
 * - `proxy_refused`: the proxy wants another password, or does not let this through
 */
export type ConnectFailure = 'no_connection' | 'tls_failed' | 'host_not_found' | 'proxy_refused';

/**
 * Why nobody can say whether the command arrived.
 *
 * - `timeout`: the connection stood and no whole answer came in time, or the answer was 408
 * - `connection_lost`: the connection ended before a whole answer had come
 * - `redirected`: any 3xx; it is never followed
 * - `entry_error`: `Oops`, written in front of Campaign
 * - `campaign_error`: a 5xx in Campaign's own words
 * - `server_error`: any other 5xx, and statuses that do not exist
 * - `answer_too_large`: more than 1 MB
 * - `unexpected_answer`: a 2xx that cannot be Campaign's, like a sign-in page or an error
 */
export type UnknownReason =
  | 'timeout'
  | 'connection_lost'
  | 'redirected'
  | 'entry_error'
  | 'campaign_error'
  | 'server_error'
  | 'answer_too_large'
  | 'unexpected_answer';

/**
 * Why there is no access token.
 *
 * - `ims_unreachable`: no connection or no whole answer, or a server that is in trouble
 * - `ims_tls_failed`, `ims_host_not_found`, `ims_proxy_refused`: as for a connection to Campaign
 * - `ims_unexpected_answer`: what answered is not IMS: a page, a redirect, a 404
 * - `ims_refused`: IMS does not know the client, its secret or its scopes
 * - `ims_busy`: asked too often
 * - `token_ended`: the gateway refused the only one there is
 */
export type TokenFailure =
  | 'ims_unreachable'
  | 'ims_tls_failed'
  | 'ims_host_not_found'
  | 'ims_proxy_refused'
  | 'ims_unexpected_answer'
  | 'ims_refused'
  | 'ims_busy'
  | 'token_ended';

export type FailureReason = RejectedReason | NotReachedReason | UnknownReason | TokenFailure;

/** What an answer proves about the command; only `not_reached` may be sent again. */
export type CommandVerdict =
  | { kind: 'accepted' }
  | { kind: 'rejected'; reason: RejectedReason }
  /** `retryAfterMs`: how long the gateway asks to wait, null if it did not say. */
  | { kind: 'not_reached'; reason: NotReachedReason; retryAfterMs: number | null }
  | { kind: 'unknown'; reason: UnknownReason };

/** Nothing was sent to Campaign; the answer is that of IMS, if it was asked. */
export type NoToken = { kind: 'no_token'; reason: TokenFailure; answer: ResponseSummary };

/** How one attempt ended. */
export type AttemptResult = CommandVerdict & { answer: ResponseSummary };

/** The same for a command. `held_up`: it might not leave any more when all was ready, and nothing was sent. */
export type SendResult = AttemptResult | { kind: 'held_up' };

/** The five statuses that Campaign shows to its users. */
export type CampaignState = 'editing' | 'in_progress' | 'finished' | 'warning' | 'erroneous';

export type WorkflowObservation =
  /**
   * `raw` is what Campaign wrote in `field` (at most 80 characters), e.g. `started` in `logicalStatus`, or
   * `11, failed` when a flag beside it tells of an error. `reading` is null when the value means nothing to us.
   */
  | { kind: 'seen'; reading: CampaignState | null; field: string; raw: string }
  /** Campaign answered, but shows no state. */
  | { kind: 'not_shown' }
  /** Campaign's own 404. One that a proxy wrote is `failed`. */
  | { kind: 'not_found'; answer: ResponseSummary }
  | { kind: 'failed'; reason: FailureReason; answer: ResponseSummary };
