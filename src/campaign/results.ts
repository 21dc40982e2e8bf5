/**
 * A response of Campaign, its gateway or IMS, for people to read and for a support case.
 * `text` is the raw text, cut to 300 characters and with secrets replaced by `[secret]`; null if there is no readable
 * text. `status` is null if no response began.
 */
export type ResponseSummary = {
  readonly status: number | null;
  readonly text: string | null;
  readonly adobeRequestId: string | null;
};

/**
 * Rejected: the command was certainly not executed.
 *
 * - `workflow_not_found`: no workflow has this ID, or it was renamed
 * - `profile_invalid`: the technical account lacks its product profile (403023)
 * - `key_or_scope`: the API key or its scopes do not permit Campaign (403000, 403003, 403010, 403011)
 * - `token_refused`: 401, for another reason than an expired token
 * - `bad_request`: 400; sometimes caused by a wrong organization
 * - `rate_limited`: 429 that is not the gateway's own
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
 * Campaign certainly did not receive the command.
 *
 * - `token_expired`: the gateway refused the token (401013)
 * - `gateway_busy`: the gateway's own 429
 * - `gateway_unavailable`: the gateway's own 503
 * - the others: the connection was never complete, so nothing can have been sent
 */
export type NotReachedReason = 'token_expired' | 'gateway_busy' | 'gateway_unavailable' | ConnectFailure;

/**
 * Why the connection was never complete. Only the first is transient.
 *
 * - `no_connection`: refused, reset or timed out
 * - `tls_failed`: the certificate is not trusted, is for another name or has expired, or there is no TLS
 * - `host_not_found`: the host's name, or the proxy's, does not exist
 * - `proxy_refused`: the proxy requires other credentials, or denies the tunnel
 */
export type ConnectFailure = 'no_connection' | 'tls_failed' | 'host_not_found' | 'proxy_refused';

/**
 * Why it is unknown whether the command arrived.
 *
 * - `timeout`: connected, but no complete response in time; or a 408
 * - `connection_lost`: the connection ended before the response was complete
 * - `redirected`: any 3xx; it is never followed
 * - `entry_error`: `Oops`, written by the entry in front of Campaign
 * - `campaign_error`: a 5xx written by Campaign itself
 * - `server_error`: any other 5xx, and invalid statuses
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
 * - `ims_unreachable`: no connection, no complete response, or a 5xx
 * - `ims_tls_failed`, `ims_host_not_found`, `ims_proxy_refused`: as for a connection to Campaign
 * - `ims_unexpected_answer`: the response is not from IMS: a page, a redirect, a 404
 * - `ims_refused`: IMS does not know the client, its secret or its scopes
 * - `ims_busy`: rate limited (429)
 * - `token_ended`: the gateway refused the fixed token of the configuration
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

/** What a response proves about the command. Only after `not_reached` may it be sent again. */
export type CommandVerdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'rejected'; readonly reason: RejectedReason }
  /** `retryAfterMs`: the gateway's `Retry-After`; null without one. */
  | { readonly kind: 'not_reached'; readonly reason: NotReachedReason; readonly retryAfterMs: number | null }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason };

/** Nothing was sent to Campaign. `answer` is the response of IMS, if there was a request to it. */
export type NoToken = { readonly kind: 'no_token'; readonly reason: TokenFailure; readonly answer: ResponseSummary };

/** How one attempt ended. */
export type AttemptResult = CommandVerdict & { readonly answer: ResponseSummary };

/** The same for a command. `held_up`: sending was no longer permitted at the last moment, and nothing was sent. */
export type SendResult = AttemptResult | { readonly kind: 'held_up' };

/** The five statuses that Campaign shows to its users. */
export type CampaignState = 'editing' | 'in_progress' | 'finished' | 'warning' | 'erroneous';

export type WorkflowObservation =
  /**
   * `raw` is the value of `field` (at most 80 characters), e.g. `started` of `logicalStatus`, or `11, failed` if a flag
   * reports an error as well. `reading` is null if the value is unknown to us.
   */
  | { readonly kind: 'seen'; readonly reading: CampaignState | null; readonly field: string; readonly raw: string }
  /** The response shows no state. */
  | { readonly kind: 'not_shown' }
  /** Campaign's own 404. A proxy's 404 is `failed`. */
  | { readonly kind: 'not_found'; readonly answer: ResponseSummary }
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly answer: ResponseSummary };

export type WorkflowLook = {
  readonly observation: WorkflowObservation;
  /** Campaign's `nextProcessingDate`, in milliseconds since the epoch; null where it shows none. */
  readonly nextProcessingAt: number | null;
  /** For how long whoever answered asks not to be called; null: they do not. */
  readonly retryAfterMs: number | null;
};
