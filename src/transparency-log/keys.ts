import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { decodeBase64, hasNoteCharacters } from './encoding.ts';

// Ed25519 keys for signed notes, in the text forms of C2SP signed-note (verifier keys) and of Go's
// golang.org/x/mod/sumdb/note (also signing keys), so that other programs can use them.

/** `keyId`: eight hexadecimal digits. A `KeyObject` shows nothing of the private key when it is logged or serialized. */
export type SigningKey = { name: string; keyId: string; privateKey: KeyObject };
export type VerifierKey = { name: string; keyId: string; publicKey: KeyObject };

/** The signature type of Ed25519 in signed notes. */
const ed25519 = Buffer.of(0x01);

// What stands before the 32 bytes of an Ed25519 key in PKCS #8 and in SubjectPublicKeyInfo: RFC 8410, sections 7 and 4.
const pkcs8Header = Buffer.from('302e020100300506032b657004220420', 'hex');
const spkiHeader = Buffer.from('302a300506032b6570032100', 'hex');

/** A key's name is not empty and has no space of Unicode and no `+`. C2SP recommends a URL without a scheme. */
export function isKeyName(name: string): boolean {
  return hasNoteCharacters(name) && /^[^\p{White_Space}+]+$/u.test(name);
}

export function generateKey(name: string): SigningKey {
  if (!isKeyName(name)) throw new RangeError(`This is no name for a key: ${JSON.stringify(name)}`);
  return signingKeyOf(name, randomBytes(32));
}

/** `PRIVATE+KEY+<name>+<key ID>+<base64 of 0x01 and the seed>`: the secret itself. */
export function formatSigningKey({ name, keyId, privateKey }: SigningKey): string {
  return `PRIVATE+KEY+${name}+${keyId}+${Buffer.concat([ed25519, seedOf(privateKey)]).toString('base64')}`;
}

/** `<name>+<key ID>+<base64 of 0x01 and the public key>`. */
export function formatVerifierKey({ name, keyId, publicKey }: VerifierKey): string {
  return `${name}+${keyId}+${Buffer.concat([ed25519, bytesOf(publicKey)]).toString('base64')}`;
}

/** Null: not a signing key, or its ID is that of another key. */
export function readSigningKey(text: string): SigningKey | null {
  const prefix = 'PRIVATE+KEY+';
  const parts = text.startsWith(prefix) ? readParts(text.slice(prefix.length)) : null;
  if (parts === null) return null;
  const key = signingKeyOf(parts.name, parts.bytes);
  return key.keyId === parts.keyId ? key : null;
}

/** Null: not a verifier key, or its ID is that of another key. */
export function readVerifierKey(text: string): VerifierKey | null {
  const parts = readParts(text);
  if (parts === null) return null;
  const publicKey = createPublicKey({ key: Buffer.concat([spkiHeader, parts.bytes]), format: 'der', type: 'spki' });
  const key = verifierKey(parts.name, publicKey);
  return key.keyId === parts.keyId ? key : null;
}

export function verifierKeyOf({ name, privateKey }: SigningKey): VerifierKey {
  return verifierKey(name, createPublicKey(privateKey));
}

/** 32 bytes for HMACs over events: HKDF with SHA-256 (RFC 5869) from the seed, which cannot be computed from them. */
export function eventKey(key: SigningKey): Buffer {
  return derivedKey(key, 'campaign-wf event HMAC v1');
}

/** The same for HMACs over orders to erase, so that neither can stand for the other. */
export function erasureKey(key: SigningKey): Buffer {
  return derivedKey(key, 'campaign-wf erasure HMAC v1');
}

function derivedKey({ privateKey }: SigningKey, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', seedOf(privateKey), '', purpose, 32));
}

/** The three parts that both kinds of keys have; `bytes` are the 32 after the signature type. */
function readParts(text: string): { name: string; keyId: string; bytes: Buffer } | null {
  const [, name = '', keyId = '', encoded = ''] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/s.exec(text) ?? [];
  const key = decodeBase64(encoded);
  if (!isKeyName(name) || key?.length !== 33 || key[0] !== ed25519[0]) return null;
  return { name, keyId, bytes: key.subarray(1) };
}

function signingKeyOf(name: string, seed: Buffer): SigningKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Header, seed]), format: 'der', type: 'pkcs8' });
  const { keyId } = verifierKey(name, createPublicKey(privateKey));
  return { name, keyId, privateKey };
}

/** The ID is the first four bytes of SHA-256 over name, newline, signature type and public key. */
function verifierKey(name: string, publicKey: KeyObject): VerifierKey {
  const digest = createHash('sha256').update(`${name}\n`).update(ed25519).update(bytesOf(publicKey)).digest('hex');
  return { name, keyId: digest.slice(0, 8), publicKey };
}

function bytesOf(publicKey: KeyObject): Buffer {
  return Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
}

function seedOf(privateKey: KeyObject): Buffer {
  return Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
}
