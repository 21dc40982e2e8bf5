/** What stands between names in a list. */
export const listSeparator = /[,;+&|/]/u;

// No name is this long. The cut keeps the search for the last letter short.
const longestName = 256;

/** The text from its first letter, digit or `_` to its last. */
export function withoutPunctuation(text: string): string {
  return text.slice(0, longestName).replace(/^[^\p{L}\p{N}_]+|[^\p{L}\p{N}_]+$/gu, '');
}

export function isPunctuation(text: string): boolean {
  return !/[\p{L}\p{N}_]/u.test(text);
}
