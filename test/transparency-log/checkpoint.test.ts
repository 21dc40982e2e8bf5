import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatCheckpoint, parseCheckpoint } from '../../src/transparency-log/checkpoint.ts';
import { readNote } from '../../src/transparency-log/signed-note.ts';
import { emptyRoot, leafHash } from '../../src/transparency-log/tree.ts';

// The example of https://c2sp.org/tlog-checkpoint.
const root = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
const published = `example.com/behind-the-sofa
20852163
${root}

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`;

describe('a checkpoint', () => {
  it("is read from the specification's example, and written as there", () => {
    const text = readNote(published)?.text ?? '';
    const checkpoint = parseCheckpoint(text);
    expect(checkpoint).toEqual({
      origin: 'example.com/behind-the-sofa',
      size: 20_852_163,
      root: Buffer.from(root, 'base64'),
      extensions: [],
    });
    expect(checkpoint && formatCheckpoint(checkpoint)).toBe(text);
  });

  it("is what Go's sumdb/tlog writes", () => {
    // FormatTree in golang.org/x/mod/sumdb/tlog/note_test.go
    const text = 'go.sum database tree\n123456789012\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n';
    const checkpoint = { size: 123_456_789_012, root: leafHash(Buffer.from('hello world')) };
    expect(formatCheckpoint({ origin: 'go.sum database tree', ...checkpoint })).toBe(text);
  });

  it('is read as it was written, with any extension lines', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => /^\P{Cc}+$/u.test(text));
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((array): Buffer => Buffer.from(array));
    const checkpoint = fc.record({ origin: line, size: fc.maxSafeNat(), root: bytes, extensions: fc.array(line) });
    fc.assert(
      fc.property(checkpoint, (given) => {
        expect(parseCheckpoint(formatCheckpoint(given))).toEqual(given);
      }),
      { seed: 6962, examples: [[{ origin: 'empty', size: 0, root: emptyRoot, extensions: [] }]] },
    );
  });

  it.each([
    ['nothing', ''],
    ['no root', 'log\n5\n'],
    ['no newline at the end', `log\n5\n${root}`],
    ['an empty line at the end', `log\n5\n${root}\n\n`],
    ['an empty line before extensions', `log\n5\n${root}\n\nmore\n`],
    ['an empty origin', `\n5\n${root}\n`],
    ['an empty line first', `\nlog\n5\n${root}\n`],
    ['an empty size', `log\n\n${root}\n`],
    ['a leading zero', `log\n05\n${root}\n`],
    ['two zeros', `log\n00\n${root}\n`],
    ['a sign', `log\n+5\n${root}\n`],
    ['a negative size', `log\n-5\n${root}\n`],
    ['negative zero', `log\n-0\n${root}\n`],
    ['a fraction', `log\n5.5\n${root}\n`],
    ['an exponent', `log\n5e3\n${root}\n`],
    ['a hexadecimal size', `log\n0x5\n${root}\n`],
    ['a space before the size', `log\n 5\n${root}\n`],
    ['an infinite size', `log\nInfinity\n${root}\n`],
    ['a size that is no exact number', `log\n9007199254740992\n${root}\n`],
    ['a root of 31 bytes', `log\n5\n${Buffer.alloc(31).toString('base64')}\n`],
    ['a root of 33 bytes', `log\n5\n${Buffer.alloc(33).toString('base64')}\n`],
    ['a root without its padding', `log\n5\n${root.replace('=', '')}\n`],
    ['a root in base64url', `log\n5\n${root.replace('/', '_')}\n`],
    ['a root with bits that do not count', `log\n5\n${root.replace('I=', 'J=')}\n`],
    ['a space after the root', `log\n5\n${root} \n`],
    ['carriage returns', `log\r\n5\r\n${root}\r\n`],
    ['a control character', `lo\u0001g\n5\n${root}\n`],
    ['half a character', `lo\ud800g\n5\n${root}\n`],
  ])('is not a text with %s', (_, text) => {
    expect(parseCheckpoint(text)).toBeNull();
  });

  it.each([
    ['an origin of two lines', { origin: 'a\nb', size: 5, root: emptyRoot }],
    ['no origin', { origin: '', size: 5, root: emptyRoot }],
    ['half a leaf', { origin: 'log', size: 0.5, root: emptyRoot }],
    ['a short root', { origin: 'log', size: 5, root: emptyRoot.subarray(1) }],
    ['an empty extension', { origin: 'log', size: 5, root: emptyRoot, extensions: [''] }],
    ['an extension of two lines', { origin: 'log', size: 5, root: emptyRoot, extensions: ['a\nb'] }],
  ])('is not written with %s', (_, checkpoint) => {
    expect(() => formatCheckpoint(checkpoint)).toThrow(RangeError);
  });
});
