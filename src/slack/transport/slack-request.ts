import type { IncomingMessage } from 'node:http';
import { isTakeable, readBody } from './slack-body.ts';
import { ageProblem, ageSeconds, claimIn, isSigned } from './slack-signature.ts';
import type { TurnedAwayDetail, TurnedAwayReason } from './turned-away.ts';
import type { UnverifiedBodies } from './unverified-bodies.ts';

/** Slack's requests are a few kilobytes; a press in a form carries the whole form. */
const bodyLimitBytes = 512 * 1024;

const bodyTypes: ReadonlySet<string> = new Set(['application/x-www-form-urlencoded', 'application/json']);

export type RequestChecks = {
  readonly signingSecret: string;
  readonly now: () => number;
  readonly bodies: UnverifiedBodies;
  /** Called before the body is read, for a client that waits to be invited to send it. */
  readonly inviteBody: () => void;
};

/** `gone`: nobody waits for an answer any more. */
export type CheckedRequest =
  | { readonly kind: 'verified' | 'gone' }
  | { readonly kind: 'turned_away'; readonly reason: TurnedAwayReason; readonly detail: TurnedAwayDetail };

/**
 * Reads a request of Slack's and checks signature, age and body; a verified one is left as Bolt's receiver expects it.
 * Without Slack's headers nothing of the body is read, and without a good signature nothing is parsed.
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
  // Only a good signature makes the age believable: then this machine's clock may be wrong.
  const late = ageProblem(age);
  if (late !== null) return turnedAway(late, { ageSeconds: age });
  return isTakeable(asBoltExpects(request, type, body)) ? { kind: 'verified' } : turnedAway('bad_body');
}

function turnedAway(reason: TurnedAwayReason, detail: TurnedAwayDetail = {}): CheckedRequest {
  return { kind: 'turned_away', reason, detail };
}

export function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}

/** Without parameters such as the charset. */
function bodyType({ headers }: IncomingMessage): string {
  const [type = ''] = (headers['content-type'] ?? '').split(';', 1);
  return type.trim().toLowerCase();
}

/** Bolt compares path and type as they stand. */
function asBoltExpects(request: IncomingMessage, type: string, rawBody: Buffer) {
  request.url = '/slack/events';
  request.headers['content-type'] = type;
  return Object.assign(request, { rawBody });
}
