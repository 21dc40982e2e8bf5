import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newRequestId, normalizeRequestId } from '../../src/commands/vocabulary/ids.ts';

describe('a request id', () => {
  it.each([
    [[0, 0, 0, 0, 0], '00000000'],
    [[0, 0, 0, 0, 1], '00000001'],
    [[8, 0, 0, 0, 0], '10000000'],
    [[0x00, 0x44, 0x32, 0x14, 0xc7], '01234567'],
    [[0x42, 0x54, 0xb6, 0x35, 0xcf], '89ABCDEF'],
    [[0x84, 0x65, 0x3a, 0x56, 0xd7], 'GHJKMNPQ'],
    [[0xc6, 0x75, 0xbe, 0x77, 0xdf], 'RSTVWXYZ'],
    [[255, 255, 255, 255, 255], 'ZZZZZZZZ'],
  ])('encodes the bytes %j as %s', (bytes, id) => expect(newRequestId(Uint8Array.from(bytes))).toBe(id));

  it('is normalized to itself, in upper and lower case', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 5, maxLength: 5 }), (random) => {
        const id = newRequestId(random);
        expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
        expect(normalizeRequestId(id)).toBe(id);
        expect(normalizeRequestId(id.toLowerCase())).toBe(id);
      }),
    );
  });

  it('differs for different bytes', () => {
    const five = fc.uint8Array({ minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(five, five, (one, other) => {
        fc.pre(one.join() !== other.join());
        expect(newRequestId(one)).not.toBe(newRequestId(other));
      }),
    );
  });

  it.each([
    ['oOiIlL23', '00111123'],
    ['abcdefgh', 'ABCDEFGH'],
    ['zzzzzzzz', 'ZZZZZZZZ'],
  ])('accepts letters that look alike: %s', (typed, id) => expect(normalizeRequestId(typed)).toBe(id));

  it.each([
    '',
    '0123ABC',
    '0123ABCDE',
    'U123ABCD',
    'u123abcd',
    '0123-ABC',
    '0123ABC ',
    '0123ABC\n',
    'ı123ABCD',
    'ß23ABCD',
  ])('is not %j', (typed) => expect(normalizeRequestId(typed)).toBeNull());

  it.each([0, 4, 6])('takes five bytes, not %i', (length) => {
    expect(() => newRequestId(new Uint8Array(length))).toThrow(RangeError);
  });
});
