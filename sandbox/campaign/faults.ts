import { campaignError, gatewayReply, jsonReply, oopsReply, type Reply, textReply } from './reply.ts';
import { withoutState, withStateNumber } from './state-shapes.ts';

/** The faults. Unless it says otherwise, a fault replaces the request, which has no effect. */
export type Fault =
  | 'gateway_401013'
  /** The same with a number as its code. */
  | 'number_401013'
  | 'invalid_token_401'
  | 'html_401'
  /** Starts like the gateway's 401 and is cut off. */
  | 'cut_401'
  | 'scope_403000'
  | 'scope_403003'
  | 'scope_403010'
  | 'scope_403011'
  | 'profile_403023'
  | 'gateway_429001'
  | 'gateway_429002'
  /** With the code 429050. */
  | 'gateway_429'
  | 'gateway_503000'
  /** With the code 503010. */
  | 'gateway_503'
  | 'oops_500'
  | 'oops_502'
  /** 400 for the first matching request, then the entry's 500. */
  | 'wrong_tenant'
  | 'rst_500'
  | 'rst_404'
  /** A bad key, with Campaign Standard's text. */
  | 'pkey_500'
  | 'v8_500'
  | 'v8_404'
  /** A bad key, with Campaign v8's text. */
  | 'v8_pkey_404'
  | 'plain_503'
  /** An HTML page of a CDN. */
  | 'html_404'
  | 'html_500'
  | 'html_502'
  /** Starts like the gateway's 503 and is cut off. */
  | 'cut_json_503'
  | 'redirect_302'
  | 'timeout_408'
  /** Executed; a GET shows no state. */
  | 'state_hidden'
  /** Executed; a GET shows the state as a number and a flag. */
  | 'state_as_number'
  /** The sign-in page of a CDN, with a JSON content type. */
  | 'sign_in_200'
  /** The gateway's error with the wrong status. */
  | 'gateway_200'
  /** Executed; the response claims a content encoding that it does not have. */
  | 'packed_200'
  /** Executed, with a response of more than 1 MB. */
  | 'huge_body'
  /** Reaches Campaign, has no effect, and gets no response. */
  | 'hang'
  /** The connection is closed before the request is executed. */
  | 'drop_before'
  /** Executed, then the connection is closed without a response. */
  | 'drop_after'
  /** Executed, but the response takes `delayMs`. */
  | 'slow'
  /** IMS closes the connection. */
  | 'ims_down'
  | 'ims_429'
  | 'ims_401';

export type FaultSettings = {
  /** `Retry-After` of the gateway's 429 and 503, in seconds or as a date; null for none. Default 1. */
  retryAfter: number | string | null;
  /** Default 300. */
  delayMs: number;
  /** The number of earlier requests with this fault. */
  met: number;
};

export type FaultPlan = {
  side: 'campaign' | 'ims';
  /** `usual`: the request is executed first. Otherwise: how far it gets. */
  effect: 'usual' | 'reaches_campaign' | 'stays_outside';
  reply(settings: FaultSettings, usual: Reply): Reply;
};

const outside = (reply: FaultPlan['reply']): FaultPlan => ({ side: 'campaign', effect: 'stays_outside', reply });
const inside = (reply: FaultPlan['reply']): FaultPlan => ({ side: 'campaign', effect: 'reaches_campaign', reply });
const carriedOut = (reply: FaultPlan['reply']): FaultPlan => ({ side: 'campaign', effect: 'usual', reply });
const ims = (reply: FaultPlan['reply']): FaultPlan => ({ side: 'ims', effect: 'stays_outside', reply });

const gateway = (code: string, message: string) => outside(() => gatewayReply(code, message));
const busyGateway = (code: string, message: string) =>
  outside((settings) => gatewayReply(code, message, retryAfter(settings)));

/** One shared value, however often it is sent and recorded. */
const huge = 'x'.repeat(1_500_000);

/** A page with the wrong content type, as some error pages have. */
const json = { 'Content-Type': 'application/json' };
const html = { 'Content-Type': 'text/html' };

/** The Content-Length is larger than the body that is sent before the connection closes. */
const cut = { 'Content-Length': '100', Connection: 'close' };

/** The texts of the errors are Adobe's where they are known, and our own for most of the 403s. */
export const FAULTS: Readonly<Record<Fault, FaultPlan>> = {
  gateway_401013: gateway('401013', 'Oauth token is not valid'),
  number_401013: outside(() => jsonReply(401, { error_code: 401013, message: 'Oauth token is not valid' })),
  invalid_token_401: outside(() => jsonReply(401, { errorCode: 'invalid_token', message: 'The token has ended' })),
  html_401: outside(() => textReply(401, '<html><body><h1>Unauthorized</h1></body></html>', html)),
  cut_401: outside(() => textReply(401, '{"error_code":"401013",', { ...json, ...cut })),
  scope_403000: gateway('403000', 'Api Key is not permitted'),
  scope_403003: gateway('403003', 'Api Key is invalid'),
  scope_403010: gateway('403010', 'Oauth token lacks a scope'),
  scope_403011: gateway('403011', 'Oauth token is not permitted'),
  profile_403023: gateway('403023', 'Profile is not valid'),
  gateway_429001: busyGateway('429001', 'Too many requests'),
  gateway_429002: busyGateway('429002', 'Too many requests'),
  gateway_429: busyGateway('429050', 'Too many requests'),
  gateway_503000: busyGateway('503000', 'Service is not available'),
  gateway_503: busyGateway('503010', 'Service is not available'),
  oops_500: outside(() => oopsReply(500)),
  oops_502: outside(() => oopsReply(502)),
  wrong_tenant: outside(({ met }) => (met === 0 ? textReply(400, 'Bad Request') : oopsReply(500))),
  rst_500: inside(() => campaignError(500)),
  rst_404: inside(() => campaignError(404)),
  pkey_500: inside(() => textReply(500, "XTK-170036 Unable to parse expression '@id = @pretend'.")),
  // Adobe's documentation of the v8 REST API, "Error codes and messages".
  v8_500: inside(() => textReply(500, 'An error has occurred - please contact your administrator.')),
  v8_404: inside(() => textReply(404, "Unable to find document with path 'execution' from key 'pretend'")),
  v8_pkey_404: inside(() => textReply(404, 'Unable to decrypt PKey. (PKey=@pretend)')),
  plain_503: inside(() => textReply(503, 'Service Unavailable', { 'Retry-After': '1' })),
  html_404: outside(() => textReply(404, '<html><body><h1>404 Not Found</h1></body></html>', html)),
  html_500: inside(() => textReply(500, '<html><body><h1>Error 500</h1></body></html>', json)),
  html_502: inside(() => textReply(502, '<html><body><h1>Bad Gateway</h1></body></html>', html)),
  cut_json_503: inside(() => textReply(503, '{"error_code":"503010","message":"Serv', json)),
  // To this server, so that a client that follows the redirect is recorded.
  redirect_302: outside(() => textReply(302, '', { Location: '/elsewhere' })),
  timeout_408: outside(() => textReply(408, 'Request Timeout')),
  state_hidden: carriedOut((_settings, usual) => withoutState(usual)),
  state_as_number: carriedOut((_settings, usual) => withStateNumber(usual)),
  sign_in_200: outside(() => textReply(200, '<!DOCTYPE html><html><title>Sign in</title><body></body></html>', json)),
  gateway_200: outside(() => jsonReply(200, { error_code: '403000', message: 'Api Key is not permitted' })),
  packed_200: carriedOut(() => textReply(200, '{}', { ...json, 'Content-Encoding': 'gzip' })),
  huge_body: carriedOut(() => textReply(200, huge)),
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

export function isFault(text: unknown): text is Fault {
  return typeof text === 'string' && Object.hasOwn(FAULTS, text);
}

function retryAfter({ retryAfter: value }: FaultSettings): Record<string, string> {
  return value === null ? {} : { 'Retry-After': String(value) };
}
