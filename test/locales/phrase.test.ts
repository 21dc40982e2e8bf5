import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clock, code, foreign } from '../../src/locales/phrase.ts';

function cleaned(text: string): string {
  const piece = foreign(text);
  return piece.kind === 'text' ? piece.text : '';
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 1_200 }).map((units) => String.fromCharCode(...units)),
  fc
    .array(fc.constantFrom(' ', '\n', '\u2028', '\u200b', '\u202e', 'a', '😀', '\ud83d'), { maxLength: 1_200 })
    .map((all) => all.join('')),
);

describe('what somebody wrote', () => {
  it.each([
    ['line breaks', 'one\r\n\n two\u2028three\u2029four\u0085five\vsix', 'one two three four five six'],
    ['tabs and wide spaces', '\t one\u00a0\u3000 two ', 'one two'],
    ['control characters', 'o\u0000n\u0007e\u001b[31m\u007f\u009b', 'one[31m'],
    ['zero-width characters', 'o\u200bn\u200c\u200d\u2060e\ufeff', 'one'],
    ['direction characters', '\u202egpj.exe\u202c \u2066a\u2069\u200e\u200f\u061c', 'gpj.exe a'],
    ['fillers and tags that nobody sees', 'a\u115f\u3164\uffa0\u{e0041}\u034f\u00ad', 'a'],
    ['halves of pairs', 'a\ud83db\ude00c', 'abc'],
    ['private and unassigned characters', 'a\ue000\u{10ffff}\ufdd0b', 'ab'],
    ['nothing', ' \u200b\u202e\n ', ''],
  ])('is shown without %s', (_what, written, shown) => {
    expect(cleaned(written)).toBe(shown);
  });

  it.each([
    'Zoë',
    'Zoe\u0308',
    'çà',
    'Straße',
    '日本語',
    'עברית',
    'العربية',
    '😀👍🏽🇫🇷',
    '¿qué?',
    '*a* _b_ `c` <d> &e',
    '<@U1>',
  ])('keeps %s', (written) => {
    expect(cleaned(written)).toBe(written);
  });

  it('is cut where it is too long, by characters', () => {
    expect(cleaned('😀'.repeat(500))).toBe('😀'.repeat(500));
    expect(cleaned('😀'.repeat(501))).toBe(`${'😀'.repeat(499)}…`);
    expect(cleaned(`${'x '.repeat(100)}${' '.repeat(5_000)}y`)).toBe(`${'x '.repeat(100)}y`);
  });

  it('is one line of at most 500 whole characters with nothing unseen in it, whatever it was', () => {
    fc.assert(
      fc.property(anyText, (written) => {
        const shown = cleaned(written);
        expect(shown).not.toMatch(/[\p{C}\p{Default_Ignorable_Code_Point}]|(?! )\p{White_Space}| {2}|^ | $/u);
        expect(shown.isWellFormed()).toBe(true);
        expect([...shown].length).toBeLessThanOrEqual(500);
        expect(cleaned(shown)).toBe(shown);
      }),
      { numRuns: 500 },
    );
  });

  it('loses nothing but what cannot be seen', () => {
    fc.assert(
      fc.property(anyText, (written) => {
        const visible = (text: string) => text.replace(/[\p{C}\p{Default_Ignorable_Code_Point}\p{White_Space}]/gu, '');
        fc.pre([...written].length <= 500);
        expect(visible(cleaned(written))).toBe(visible(written));
      }),
      { numRuns: 500 },
    );
  });

  it('has the looks that it is given, and no others', () => {
    expect(foreign('a')).toEqual({ kind: 'text', text: 'a', styles: [] });
    expect(code('a\nb')).toEqual({ kind: 'text', text: 'a b', styles: ['code'] });
  });
});

describe('a time in a message', () => {
  const [minute, hour] = [60_000, 3_600_000];
  const noon = Date.UTC(2026, 10, 10, 12);
  const isClock = (at: number, writtenAt = noon) => {
    const piece = clock(at, writtenAt);
    expect(piece).toMatchObject({ kind: 'time', at });
    return 'isClock' in piece;
  };

  it('is the clock alone within six hours, before and after', () => {
    for (const offset of [0, 5 * minute, 6 * hour - 1]) {
      expect([isClock(noon + offset), isClock(noon - offset)]).toEqual([true, true]);
    }
    for (const offset of [6 * hour, 24 * hour, 24 * hour + 5 * minute]) {
      expect([isClock(noon + offset), isClock(noon - offset)]).toEqual([false, false]);
    }
  });

  it('has its date on another day', () => {
    const midnight = Date.UTC(2026, 10, 11);
    expect(isClock(midnight, midnight - minute)).toBe(false);
    expect(isClock(midnight - minute, midnight)).toBe(false);
    expect(isClock(midnight, midnight + minute)).toBe(true);
  });
});
