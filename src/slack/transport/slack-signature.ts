import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a request says of its own signature, in Slack's form. */
export type SignatureClaim = { readonly timestampSeconds: number; readonly signature: string };

const timestampShape = /^[1-9]\d{0,10}$/;
const signatureShape = /^v0=[0-9a-f]{64}$/;

/** Slack: "a signature more than five minutes old is a replay"; one from the future is no better. */
const mostAgeSeconds = 300;

/** A header that came twice has a comma in it, and no longer Slack's form. */
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

/** By this machine's clock; negative: signed in the future. */
export function ageSeconds({ timestampSeconds }: SignatureClaim, nowMs: number): number {
  return Math.round(nowMs / 1000 - timestampSeconds);
}

export function ageProblem(age: number): 'too_old' | 'too_new' | null {
  if (Math.abs(age) <= mostAgeSeconds) return null;
  return age > 0 ? 'too_old' : 'too_new';
}
