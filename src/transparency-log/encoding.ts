// What the texts of C2SP (signed notes, checkpoints, keys) have in common.

/** Valid Unicode without ASCII control characters other than the newline: the characters of a signed note. */
export function hasNoteCharacters(text: string): boolean {
  return text.isWellFormed() && [...text].every((character) => character >= ' ' || character === '\n');
}

/** The bytes of a base64 text (RFC 4648, section 4), or null: only the one form that an encoder writes is accepted. */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}
