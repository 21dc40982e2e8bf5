import { createHmac, timingSafeEqual } from 'node:crypto';
import { eventKey, type SigningKey } from '../../../transparency-log/keys.ts';

/**
 * Codes that only the bot can make: whoever writes into the database without the key cannot make its events. `from`: the
 * first place in the log from which on every event has one.
 */
export type EventCodes = {
  readonly from: number;
  /** HMAC-SHA256 over the 32 bytes of the digest, in hex. */
  codeOf(digest: string): string;
  isCodeOf(digest: string, code: string | null): boolean;
};

export function createEventCodes(key: SigningKey, from: number): EventCodes {
  const secret = eventKey(key);
  const hmac = (digest: string) => createHmac('sha256', secret).update(Buffer.from(digest, 'hex')).digest();
  return {
    from,
    codeOf: (digest) => hmac(digest).toString('hex'),
    isCodeOf(digest, code) {
      const [expected, given] = [hmac(digest), Buffer.from(code ?? '', 'hex')];
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
