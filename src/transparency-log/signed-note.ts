import { sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { decodeBase64, hasNoteCharacters } from './encoding.ts';
import { isKeyName, type SigningKey, type VerifierKey } from './keys.ts';

// Signed notes after C2SP signed-note (https://c2sp.org/signed-note): a text, an empty line, and one line for each
// signature, with Ed25519.

/** `text` ends with a newline. Without signatures it is a bare text, which nobody vouches for. */
export type Note = { text: string; signatures: readonly NoteSignature[] };

/** `keyId`: eight hexadecimal digits, as in the key. */
export type NoteSignature = { name: string; keyId: string; signature: Buffer };

/**
 * Which of the known keys have signed a note. `unknown`: none of them has. `invalid`: the note carries a signature of this
 * key that does not fit the text, so that it must be rejected, whoever else has signed it.
 */
export type Signers =
  | { kind: 'signed'; keys: readonly VerifierKey[] }
  | { kind: 'unknown' }
  | { kind: 'invalid'; key: VerifierKey };

/** As in Go's implementation; the specification demands 16 or more. */
const maxSignatures = 100;

export function signNote(text: string, { name, keyId, privateKey }: SigningKey): string {
  if (!hasNoteCharacters(text) || !text.endsWith('\n')) {
    throw new RangeError(`This is no text of a note: ${JSON.stringify(text)}`);
  }
  const signature = sign(null, Buffer.from(text), privateKey);
  const encoded = Buffer.concat([Buffer.from(keyId, 'hex'), signature]).toString('base64');
  return `${text}\n— ${name} ${encoded}\n`;
}

/**
 * Reads a signed note, or a bare text without empty lines: with one, it would be a note with damaged signatures. Null: neither.
 * No signature is verified here.
 */
export function readNote(note: string): Note | null {
  if (!hasNoteCharacters(note) || !note.endsWith('\n')) return null;
  const end = note.lastIndexOf('\n\n');
  if (end === -1) return { text: note, signatures: [] };
  const signatures = note
    .slice(end + 2, -1)
    .split('\n')
    .map(readSignature);
  if (signatures.length > maxSignatures || !signatures.every((signature) => signature !== null)) return null;
  return { text: note.slice(0, end + 1), signatures };
}

function readSignature(line: string): NoteSignature | null {
  const [, name = '', encoded = ''] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  const bytes = decodeBase64(encoded);
  if (!isKeyName(name) || bytes === null || bytes.length < 5) return null;
  return { name, keyId: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4) };
}

export function signersOf(note: Note, verifiers: readonly VerifierKey[]): Signers {
  return signersAmong(
    verifiers.map((key) => ({
      key,
      areValid: signaturesOf(note, key).map(({ signature }) => verify(null, textOf(note), key.publicKey, signature)),
    })),
  );
}

/** The same beside the main thread, for many notes at once: a signature takes longer than everything else of a note. */
export async function signersOfInBackground(note: Note, verifiers: readonly VerifierKey[]): Promise<Signers> {
  const verified = verifiers.map(async (key) => ({
    key,
    areValid: await Promise.all(
      signaturesOf(note, key).map(({ signature }) => verifyBeside(null, textOf(note), key.publicKey, signature)),
    ),
  }));
  return signersAmong(await Promise.all(verified));
}

const verifyBeside = promisify(verify);

function textOf({ text }: Note): Buffer {
  return Buffer.from(text);
}

/** A key is known by its name and ID together; signatures of others are ignored, as the specification demands. */
function signaturesOf({ signatures }: Note, key: VerifierKey): readonly NoteSignature[] {
  return signatures.filter(({ name, keyId }) => name === key.name && keyId === key.keyId);
}

/** `areValid`: each signature of the key. */
function signersAmong(checked: readonly { key: VerifierKey; areValid: readonly boolean[] }[]): Signers {
  const invalid = checked.find(({ areValid }) => areValid.includes(false));
  if (invalid !== undefined) return { kind: 'invalid', key: invalid.key };
  const keys = checked.filter(({ areValid }) => areValid.length > 0).map(({ key }) => key);
  return keys.length > 0 ? { kind: 'signed', keys } : { kind: 'unknown' };
}
