/** A word as it is read, and where it begins in the text that was typed (in UTF-16 units). */
export type Word = { readonly text: string; readonly at: number };

// French writes « word » with spaces inside the marks, and phones put them there: they separate nothing.
const wordShape = /(?:«\p{White_Space}+)?\P{White_Space}+(?:\p{White_Space}+»(?!\P{White_Space}))?/gu;

// Pasted text brings zero-width characters along. Nobody sees them, so a name or an option is read without them.
const unseen = /[\p{White_Space}\p{Default_Ignorable_Code_Point}]+/gu;

/** Words between Unicode white space, line breaks included. */
export function splitWords(text: string): readonly Word[] {
  return Array.from(text.matchAll(wordShape), (match) => ({
    text: match[0].replace(unseen, ''),
    at: match.index,
  })).filter((word) => word.text !== '');
}
