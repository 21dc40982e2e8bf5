/** A word, and its position in the typed text (in UTF-16 code units). */
export type Word = { readonly text: string; readonly at: number };

// French has spaces inside quotation marks (« word »), and phones insert them. They do not separate words.
const wordShape = /(?:«\p{White_Space}+)?\P{White_Space}+(?:\p{White_Space}+»(?!\P{White_Space}))?/gu;

// Pasted text may contain zero-width characters. They are invisible, so names and options are read without them.
const unseen = /[\p{White_Space}\p{Default_Ignorable_Code_Point}]+/gu;

/** Words between Unicode white space, line breaks included. */
export function splitWords(text: string): readonly Word[] {
  return Array.from(text.matchAll(wordShape), (match) => ({
    text: match[0].replace(unseen, ''),
    at: match.index,
  })).filter((word) => word.text !== '');
}

/** A word, a line break or a punctuation mark, and its position in the text (in UTF-16 code units). */
export type Token = { readonly kind: 'word' | 'break' | 'mark'; readonly text: string; readonly at: number };

export const lineBreak = /[\n\v\f\r\u0085\u2028\u2029]/;

// A link or a mention is one word. An emoji's name or a keycap is one mark.
const tokenShape =
  /(?<lineBreak>[\n\v\f\r\u0085\u2028\u2029])|[0-9*#]\u20e3|(?<word>\p{L}{1,20}:\/\/[^\p{White_Space}<>]+|<[@#!][A-Za-z0-9^]{1,40}(?:\|[^<>]{0,200})?>|[\p{L}\p{M}\p{N}_]+(?:-[\p{L}\p{M}\p{N}_]+)*)|:[\w+-]{1,40}:(?!\w)|\P{White_Space}/gu;

/** Splits prose into tokens. White space other than line breaks separates tokens and is dropped. */
export function splitTokens(text: string): readonly Token[] {
  return Array.from(text.matchAll(tokenShape), ({ 0: part, index: at, groups = {} }) => {
    if (groups.lineBreak !== undefined) return { kind: 'break', text: part, at };
    return { kind: groups.word === undefined ? 'mark' : 'word', text: part, at };
  });
}

// Keyboards pair quotation marks differently („a“, ”a”, »a«, “a"), so any two of a family make a pair.
const families = [`"“”„‟«»`, `'‘’‚‛‹›\``];
const apostrophe = /(?<=\p{L})['’](?=\p{L})/gu;

/** Removes the quotation marks around the whole text. `"a" and "b"` is not one quotation. */
export function unquote(text: string): string {
  if (text.length < 2) return text;
  const family = families.find(
    (marks) => marks.includes(text.charAt(0)) && marks.includes(text.charAt(text.length - 1)),
  );
  if (family === undefined) return text;
  const inner = text.slice(1, -1);
  const insideMarks = inner.replace(apostrophe, '');
  return Array.from(family).some((mark) => insideMarks.includes(mark)) ? text : inner.trim();
}

/** Separates names in a list. */
export const listSeparator = /[,;+&|/]/u;

// Longer than any name. The cut bounds the search for the last letter.
const longestName = 256;

/** The text from its first letter, digit or `_` to its last. */
export function withoutPunctuation(text: string): string {
  return text.slice(0, longestName).replace(/^[^\p{L}\p{N}_]+|[^\p{L}\p{N}_]+$/gu, '');
}

/** Whether only white space stands between that position and the line break before it. */
export function beginsLine(text: string, at: number): boolean {
  const before = justBefore(text, at);
  return lineBreak.test(before.slice(before.trimEnd().length));
}

/** Whether the last word before that position ends in a separator: "WKF110, WKF111". */
export function endsInSeparator(text: string, at: number): boolean {
  return listSeparator.test(justBefore(text, at).trimEnd().slice(-1));
}

/** More white space than people type. The cut bounds the time. */
function justBefore(text: string, at: number): string {
  return text.slice(Math.max(0, at - 100), at);
}

export function isPunctuation(text: string): boolean {
  return !/[\p{L}\p{N}_]/u.test(text);
}

/** Lower case without accents: "Arrêter" becomes "arreter". Compatibility characters (ﬁ, Ｓ) are replaced by plain letters. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
