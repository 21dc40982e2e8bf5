import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { eventKey, type SigningKey } from '../../../transparency-log/keys.ts';
import type { LogState } from './log-event.ts';

/** Codes that only the bot can make: whoever writes into the database without the key cannot make its events. */
export type EventCodes = {
  /** HMAC-SHA256 over the 32 bytes of the digest, in hex. */
  codeOf(digest: string): string;
  isCodeOf(digest: string, code: string | null): boolean;
};

export function createEventCodes(key: SigningKey): EventCodes {
  const secret = createSecretKey(eventKey(key));
  const hmac = (digest: string) => createHmac('sha256', secret).update(Buffer.from(digest, 'hex')).digest();
  return {
    codeOf: (digest) => hmac(digest).toString('hex'),
    isCodeOf(digest, code) {
      const [expected, given] = [hmac(digest), Buffer.from(code ?? '', 'hex')];
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

/** The codes of the key in force, and the log before it began: its events need none. */
export type KeyInForce = EventCodes & { readonly before: LogState };
