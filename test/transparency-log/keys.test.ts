import { createHmac, sign, verify } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pino from 'pino';
import {
  eventKey,
  formatSigningKey,
  formatVerifierKey,
  generateKey,
  readSigningKey,
  readVerifierKey,
  type SigningKey,
  verifierKeyOf,
} from '../../src/transparency-log/keys.ts';
import { enoch, peter, specification } from './notes.fixture.ts';

function signingKey(encoded: string): SigningKey {
  const key = readSigningKey(encoded);
  if (!key) throw new Error(`${encoded} is no key`);
  return key;
}

describe('keys', () => {
  it.each([peter, enoch])('are read and written as by Go: $verifierKey', (published) => {
    const key = signingKey(published.signingKey);
    expect(formatSigningKey(key)).toBe(published.signingKey);
    expect(formatVerifierKey(verifierKeyOf(key))).toBe(published.verifierKey);
  });

  it.each([peter, enoch, specification])('of verifiers are read and written: $verifierKey', ({ verifierKey }) => {
    const key = readVerifierKey(verifierKey);
    expect(key && formatVerifierKey(key)).toBe(verifierKey);
    expect(verifierKey).toContain(`${key?.name}+${key?.keyId}+`);
  });

  it('are new each time, and belong together', () => {
    const [key, other] = [generateKey('example.com/log'), generateKey('example.com/log')];
    expect(formatSigningKey(key)).not.toBe(formatSigningKey(other));
    const read = signingKey(formatSigningKey(key));
    const known = readVerifierKey(formatVerifierKey(verifierKeyOf(key)));
    const signature = sign(null, Buffer.from('hi'), read.privateKey);
    expect(known && verify(null, Buffer.from('hi'), known.publicKey, signature)).toBe(true);
    expect(known && verify(null, Buffer.from('ho'), known.publicKey, signature)).toBe(false);
    expect(verify(null, Buffer.from('hi'), verifierKeyOf(other).publicKey, signature)).toBe(false);
  });

  // As TestNewSigner and TestNewVerifier in golang.org/x/mod/sumdb/note/note_test.go.
  it.each([
    ['signing', peter.signingKey, readSigningKey],
    ['verifier', peter.verifierKey, readVerifierKey],
  ] as const)('are not read from any part of a %s key, nor with one character changed', (_, encoded, read) => {
    const all = Array.from(encoded, (_character, at) => at);
    const parts = all.flatMap((start) => all.slice(start).map((end) => encoded.slice(start, end + 1)));
    const changed = all.map((at) => {
      return encoded.slice(0, at) + String.fromCharCode(encoded.charCodeAt(at) + 1) + encoded.slice(at + 1);
    });
    expect([...parts, ...changed].filter((text) => read(text) !== null)).toEqual([encoded]);
  });

  it.each([
    ['a key that is too long', 'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=='],
    ['an unknown algorithm', 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    ['a newline at its end', `${peter.verifierKey}\n`],
    ['a newline before it', `\n${peter.verifierKey}`],
    ['an ID in capitals', peter.verifierKey.replace('c74f20a3', 'C74F20A3')],
    ['a signing key', peter.signingKey],
    ['nothing', ''],
  ])('of verifiers are not read from %s', (_, encoded) => {
    expect(readVerifierKey(encoded)).toBeNull();
  });

  it('are read from anything without an error', () => {
    const part = fc.oneof(
      fc.string(),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        const text = parts.join('+');
        expect([readVerifierKey(text), readSigningKey(text), readSigningKey(`PRIVATE+KEY+${text}`)]).toEqual([
          null,
          null,
          null,
        ]);
      }),
      { seed: 6962, numRuns: 1_000 },
    );
  });

  it.each(['', 'a b', 'a+b', 'a\tb', 'a\u00a0b', 'a\u2003b', 'a\u0085b', 'a\u0001b', 'a\ud800'])(
    'have no name such as %j',
    (name) => {
      expect(() => generateKey(name)).toThrow(RangeError);
    },
  );

  it('can have a name in any language', () => {
    const key = generateKey('日本.example/journal-é');
    expect(signingKey(formatSigningKey(key))).toMatchObject({ name: key.name, keyId: key.keyId });
  });
});

describe('a signing key', () => {
  const key = generateKey('example.com/log');
  const seed = Buffer.from(formatSigningKey(key).split('+').slice(4).join('+'), 'base64').subarray(1);

  /** Whether a text has a part of the seed, as numbers or encoded: in base64 of the seed alone, or after one other byte. */
  function reveals(text: string): boolean {
    const parts = [seed.subarray(3, 27), seed.subarray(2, 26)];
    const encodings = ['base64', 'base64url', 'hex', 'latin1'] as const;
    const encoded = parts.flatMap((part) => encodings.map((encoding) => part.toString(encoding)));
    return [...encoded, ...parts.map((part) => part.join())].some((secret) =>
      text.replaceAll(' ', '').includes(secret),
    );
  }

  it('does not show its seed when it is logged', () => {
    expect(signingKey(formatSigningKey(key)).keyId).toBe(key.keyId);
    const lines: string[] = [];
    pino({}, { write: (line) => lines.push(line) }).info({ key }, 'a key');
    const shown = [inspect(key, { depth: null, showHidden: true, getters: true }), JSON.stringify(key), ...lines];
    expect(shown.filter((text) => text.includes('example.com/log'))).toHaveLength(3);
    expect(shown.filter(reveals)).toEqual([]);
    // What would show it.
    const exported = [
      formatSigningKey(key),
      JSON.stringify(key.privateKey.export({ format: 'jwk' })),
      JSON.stringify(seed),
    ];
    expect(exported.filter(reveals)).toEqual(exported);
  });

  it("derives the events' key as RFC 5869 says", () => {
    // HKDF-Extract with a salt of zeros, and the first block of HKDF-Expand (sections 2.2 and 2.3).
    const extracted = createHmac('sha256', Buffer.alloc(32)).update(seed).digest();
    const expanded = createHmac('sha256', extracted).update('campaign-wf event HMAC v1').update(Buffer.of(1)).digest();
    expect(eventKey(key)).toEqual(expanded);
    expect(eventKey(key)).not.toEqual(eventKey(generateKey('example.com/log')));
  });
});
