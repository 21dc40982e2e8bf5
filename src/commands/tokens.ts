/** A word, a line break, or a mark of punctuation, and where it begins in the text (in UTF-16 units). */
export type Token = { readonly kind: 'word' | 'break' | 'mark'; readonly text: string; readonly at: number };

export const lineBreak = /[\n\v\f\r\u0085\u2028\u2029]/;

// A link or a mention is one word, and so is an emoji's name or a keycap one mark, whatever they are made of.
const tokenShape =
  /(?<lineBreak>[\n\v\f\r\u0085\u2028\u2029])|[0-9*#]\u20e3|(?<word>\p{L}{1,20}:\/\/[^\p{White_Space}<>]+|<[@#!][A-Za-z0-9^]{1,40}(?:\|[^<>]{0,200})?>|[\p{L}\p{M}\p{N}_]+(?:-[\p{L}\p{M}\p{N}_]+)*)|:[\w+-]{1,40}:(?!\w)|\P{White_Space}/gu;

/** Prose in its smallest parts; other white space separates and is no part. */
export function splitTokens(text: string): readonly Token[] {
  return Array.from(text.matchAll(tokenShape), ({ 0: part, index: at, groups = {} }) => {
    if (groups.lineBreak !== undefined) return { kind: 'break', text: part, at };
    return { kind: groups.word === undefined ? 'mark' : 'word', text: part, at };
  });
}
