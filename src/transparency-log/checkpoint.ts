import { decodeBase64, hasNoteCharacters } from './encoding.ts';
import { readNote } from './signed-note.ts';
import { isSize } from './tree.ts';

// The text of a checkpoint after C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint): what a log was at one size. It is
// the text of a signed note (`signed-note.ts`), or stands alone where there is no key.

/**
 * `origin` names the log, `size` counts its leaves, `root` has 32 bytes. `extensions` are lines of the log's own, without
 * their newlines.
 */
export type Checkpoint = { origin: string; size: number; root: Buffer; extensions: readonly string[] };

/** One line each, with a newline at its end: origin, size, root in base64, extensions. */
export function formatCheckpoint(checkpoint: Omit<Checkpoint, 'extensions'> & Partial<Checkpoint>): string {
  const { origin, size, root, extensions = [] } = checkpoint;
  const lines = [origin, String(size), root.toString('base64'), ...extensions];
  const text = lines.map((line) => `${line}\n`).join('');
  if (lines.some((line) => line.includes('\n')) || parseCheckpoint(text) === null) {
    throw new RangeError(`This is no checkpoint: ${JSON.stringify(text)}`);
  }
  return text;
}

/** Null: not a checkpoint. Only the exact form is accepted, so that one checkpoint has one text. */
export function parseCheckpoint(text: string): Checkpoint | null {
  if (!hasNoteCharacters(text) || !text.endsWith('\n')) return null;
  const lines = text.slice(0, -1).split('\n');
  const [origin, decimal, encoded, ...extensions] = lines;
  if (origin === undefined || decimal === undefined || encoded === undefined || lines.includes('')) return null;
  const size = Number(decimal);
  const root = decodeBase64(encoded);
  if (String(size) !== decimal || !isSize(size) || root?.length !== 32) return null;
  return { origin, size, root, extensions };
}

/** How messages and people name a checkpoint: "1234·9ae1c38a01b2c3d4". @param root in hex */
export function shortCheckpoint({ size, root }: { readonly size: number; readonly root: string }): string {
  return `${size}·${root.slice(0, 16)}`;
}

/** The checkpoint in a note, signed or not. Null: there is none. No signature is verified. */
export function checkpointIn(note: string): Checkpoint | null {
  return parseCheckpoint(readNote(note)?.text ?? '');
}
