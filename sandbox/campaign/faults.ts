import { campaignError, gatewayReply, oopsReply, type Reply, textReply } from './reply.ts';

/** Ways to go wrong. What does not say otherwise happens instead of the request, which has no effect. */
export type Fault =
  | 'gateway_401013'
  | 'gateway_429'
  | 'gateway_503'
  | 'profile_403023'
  | 'scope_403003'
  | 'oops_500'
  | 'oops_502'
  | 'rst_500'
  | 'rst_404'
  | 'plain_503'
  | 'html_500'
  | 'redirect_302'
  | 'timeout_408'
  /** Carried out, with an answer of more than 1 MB. */
  | 'huge_body'
  /** Reaches Campaign, has no effect, and is never answered. */
  | 'hang'
  /** The connection is destroyed before anything is done. */
  | 'drop_before'
  /** Carried out, then the connection is destroyed without an answer. */
  | 'drop_after'
  /** Carried out, but the answer takes `delayMs`. */
  | 'slow'
  /** IMS destroys the connection. */
  | 'ims_down'
  | 'ims_429'
  | 'ims_401';

export type FaultSettings = {
  /** `Retry-After` of the gateway's 429 and 503, in seconds or as a date; null for none. Default 1. */
  retryAfter: number | string | null;
  /** Default 300. */
  delayMs: number;
};

export type FaultPlan = {
  side: 'campaign' | 'ims';
  /** `usual`: the request is carried out first. Otherwise: how far it comes. */
  effect: 'usual' | 'reaches_campaign' | 'stays_outside';
  reply(settings: FaultSettings, usual: Reply): Reply;
};

const outside = (reply: FaultPlan['reply']): FaultPlan => ({ side: 'campaign', effect: 'stays_outside', reply });
const inside = (reply: FaultPlan['reply']): FaultPlan => ({ side: 'campaign', effect: 'reaches_campaign', reply });
const carriedOut = (reply: FaultPlan['reply']): FaultPlan => ({ side: 'campaign', effect: 'usual', reply });
const ims = (reply: FaultPlan['reply']): FaultPlan => ({ side: 'ims', effect: 'stays_outside', reply });

export const FAULTS: Record<Fault, FaultPlan> = {
  gateway_401013: outside(() => gatewayReply('401013', 'Oauth token is not valid')),
  gateway_429: outside((settings) => gatewayReply('429050', 'Too many requests', retryAfter(settings))),
  gateway_503: outside((settings) => gatewayReply('503010', 'Service is not available', retryAfter(settings))),
  profile_403023: outside(() => gatewayReply('403023', 'Profile is not valid')),
  scope_403003: outside(() => gatewayReply('403003', 'Api Key is invalid')),
  oops_500: outside(() => oopsReply(500)),
  oops_502: outside(() => oopsReply(502)),
  rst_500: inside(() => campaignError(500)),
  rst_404: inside(() => campaignError(404)),
  plain_503: inside(() => textReply(503, 'Service Unavailable', { 'Retry-After': '1' })),
  // The header lies, as some error pages do.
  html_500: inside(() =>
    textReply(500, '<html><body><h1>Error 500</h1></body></html>', { 'Content-Type': 'application/json' }),
  ),
  // Back to ourselves, so that a client that follows is seen to arrive.
  redirect_302: outside(() => textReply(302, '', { Location: '/elsewhere' })),
  timeout_408: outside(() => textReply(408, 'Request Timeout')),
  huge_body: carriedOut(() => textReply(200, 'x'.repeat(1_500_000))),
  hang: inside(() => ({ kind: 'hang' })),
  drop_before: outside(() => ({ kind: 'drop' })),
  drop_after: carriedOut(() => ({ kind: 'drop' })),
  slow: carriedOut(({ delayMs }, usual) => (usual.kind === 'answer' ? { ...usual, delayMs } : usual)),
  ims_down: ims(() => ({ kind: 'drop' })),
  ims_429: ims(() => textReply(429, '{"error":"rate_limit"}', { 'Retry-After': '1' })),
  ims_401: ims(() =>
    textReply(401, '{"error":"invalid_client","error_description":"invalid client_secret parameter"}'),
  ),
};

function retryAfter({ retryAfter: value }: FaultSettings): Record<string, string> {
  return value === null ? {} : { 'Retry-After': String(value) };
}
