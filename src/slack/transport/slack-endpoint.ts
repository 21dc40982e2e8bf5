import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createUnverifiedBodies, isAcceptedByBolt, passedOn, readBody, type UnverifiedBodies } from './slack-body.ts';
import { type TurnedAway, type TurnedAwayDetail, type TurnedAwayReason, turnAway } from './turned-away.ts';

/** A proxy may add the slash at the end. */
const slackPath = /^\/slack\/events\/?$/;

/** Bolt's receiver, and the secret of its requests' signatures. */
export type SlackReceiver = { readonly requestListener: RequestListener; readonly signingSecret: string };

export type SlackEndpoint = {
  /** Passes Slack's requests to the receiver from now on. Before that they get 503, and Slack shows an error to the person. */
  serve(receiver: SlackReceiver): void;
  /** @param trust called once the request is verified */
  take(request: IncomingMessage, response: ServerResponse, trust: () => void): Promise<void>;
};

export type SlackEndpointOptions = {
  /** In Socket Mode the endpoint accepts none of Slack's requests. */
  readonly mode: 'http' | 'socket';
  readonly now: () => number;
  readonly turnedAway: TurnedAway;
};

/** Handles every request that is not for a page: passes Slack's on, and turns the others away. */
export function createSlackEndpoint({ mode, now, turnedAway }: SlackEndpointOptions): SlackEndpoint {
  let slack: SlackReceiver | null = null;
  const bodies = createUnverifiedBodies();
  return {
    serve(receiver) {
      slack = receiver;
    },
    async take(request, response, trust) {
      const exchange = { request, response, turnedAway };
      if (!isForSlack(request)) return turnAway(exchange, 'wrong_path', { path: pathOf(request).slice(0, 100) });
      if (mode === 'socket') return turnAway(exchange, 'wrong_mode');
      if (slack === null) return turnAway(exchange, 'not_ready');
      const { signingSecret } = slack;
      const inviteBody = () => inviteBodyOf(request, response);
      const checked = await checkSlackRequest(request, { signingSecret, now, bodies, inviteBody });
      if (checked.kind === 'turned_away') return turnAway(exchange, checked.reason, checked.detail);
      if (checked.kind === 'gone') return;
      trust();
      slack.requestListener(request, response);
    },
  };
}

function isForSlack(request: IncomingMessage): boolean {
  return request.method === 'POST' && slackPath.test(pathOf(request));
}

function inviteBodyOf({ headers: { expect = '' } }: IncomingMessage, response: ServerResponse): void {
  if (/^100-continue$/i.test(expect)) response.writeContinue();
}

/** Slack's requests are a few kilobytes; an interaction in a form contains the whole form. */
const bodyLimitBytes = 512 * 1024;

const bodyTypes: ReadonlySet<string> = new Set(['application/x-www-form-urlencoded', 'application/json']);

export type RequestChecks = {
  readonly signingSecret: string;
  readonly now: () => number;
  readonly bodies: UnverifiedBodies;
  /** Called before the body is read, for a client that waits for `100 Continue`. */
  readonly inviteBody: () => void;
};

/** `gone`: the connection has ended. */
export type CheckedRequest =
  | { readonly kind: 'verified' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'turned_away'; readonly reason: TurnedAwayReason; readonly detail: TurnedAwayDetail };

/**
 * Reads a request of Slack's and checks signature, age and body. A verified request is prepared for Bolt's receiver.
 * Without Slack's headers the body is not read, and without a valid signature it is not parsed.
 */
export async function checkSlackRequest(request: IncomingMessage, checks: RequestChecks): Promise<CheckedRequest> {
  const claim = claimIn(request.headers);
  if (typeof claim === 'string') return turnedAway(claim);
  const type = bodyType(request);
  if (!bodyTypes.has(type)) return turnedAway('wrong_type', { contentType: type.slice(0, 100) });
  if (Number(request.headers['content-length'] ?? 0) > bodyLimitBytes) return turnedAway('too_large');
  checks.inviteBody();
  const body = await readBody(request, bodyLimitBytes, checks.bodies);
  if (body === 'gone') return { kind: 'gone' };
  if (!Buffer.isBuffer(body)) return turnedAway(body);
  const age = ageSeconds(claim, checks.now());
  if (!isSigned(body, claim, checks.signingSecret)) return turnedAway('bad_signature', { ageSeconds: age });
  // The age is checked only after the signature: if it is wrong then, this machine's clock may be wrong.
  const late = ageProblem(age);
  if (late !== null) return turnedAway(late, { ageSeconds: age });
  return isAcceptedByBolt(asBoltExpects(request, type, passedOn(type, body)))
    ? { kind: 'verified' }
    : turnedAway('bad_body');
}

function turnedAway(reason: TurnedAwayReason, detail: TurnedAwayDetail = {}): CheckedRequest {
  return { kind: 'turned_away', reason, detail };
}

export function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}

/** The media type without parameters such as the charset. */
function bodyType({ headers }: IncomingMessage): string {
  const [type = ''] = (headers['content-type'] ?? '').split(';', 1);
  return type.trim().toLowerCase();
}

/** Bolt compares path and type literally. */
function asBoltExpects(request: IncomingMessage, type: string, rawBody: Buffer) {
  request.url = '/slack/events';
  request.headers['content-type'] = type;
  return Object.assign(request, { rawBody });
}

/** The signature and timestamp in a request's headers, in Slack's format. */
export type SignatureClaim = { readonly timestampSeconds: number; readonly signature: string };

const timestampShape = /^[1-9]\d{0,10}$/;
const signatureShape = /^v0=[0-9a-f]{64}$/;

/** Slack: "a signature more than five minutes old is a replay". The same limit applies to the future. */
const mostAgeSeconds = 300;

/** A header that was sent twice contains a comma, so it does not have Slack's format. */
export function claimIn(headers: IncomingHttpHeaders): SignatureClaim | 'no_signature' | 'bad_signature' {
  const timestamp = headers['x-slack-request-timestamp'];
  const signature = headers['x-slack-signature'];
  if (typeof timestamp !== 'string' || typeof signature !== 'string') return 'no_signature';
  if (!timestampShape.test(timestamp) || !signatureShape.test(signature)) return 'bad_signature';
  return { timestampSeconds: Number(timestamp), signature };
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function isSigned(body: Buffer, { timestampSeconds, signature }: SignatureClaim, secret: string): boolean {
  const expected = createHmac('sha256', secret).update(`v0:${timestampSeconds}:`).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature.slice('v0='.length), 'hex'));
}

/** The age by this machine's clock; negative: signed in the future. */
export function ageSeconds({ timestampSeconds }: SignatureClaim, nowMs: number): number {
  return Math.round(nowMs / 1000 - timestampSeconds);
}

export function ageProblem(age: number): 'too_old' | 'too_new' | null {
  if (Math.abs(age) <= mostAgeSeconds) return null;
  return age > 0 ? 'too_old' : 'too_new';
}
