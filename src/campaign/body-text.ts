import { brotliDecompressSync, unzipSync, zstdDecompressSync } from 'node:zlib';

/** `unreadable`: it is not what its header says, or breaks off. */
export type Unpacked = { kind: 'unpacked'; bytes: Uint8Array } | { kind: 'too_large' } | { kind: 'unreadable' };

type Decoder = (packed: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;

const decoderByCoding: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', unzipSync],
  ['x-gzip', unzipSync],
  ['deflate', unzipSync],
  ['br', brotliDecompressSync],
  ['zstd', zstdDecompressSync],
]);

/** Undoes a `Content-Encoding` (RFC 9110, 8.4). A coding that is not known is left as it is. */
export function unpack(bytes: Uint8Array, encoding: string | undefined, maxBytes: number): Unpacked {
  if (bytes.byteLength === 0) return { kind: 'unpacked', bytes };
  try {
    const unpacked = decodersOf(encoding).reduce(
      (packed, decode) => decode(packed, { maxOutputLength: maxBytes }),
      bytes,
    );
    return { kind: 'unpacked', bytes: unpacked };
  } catch (error) {
    return { kind: isTooLarge(error) ? 'too_large' : 'unreadable' };
  }
}

/** The coding that was applied last is undone first. */
function decodersOf(encoding = ''): Decoder[] {
  const decoders = encoding.split(',').map((coding) => decoderByCoding.get(coding.trim().toLowerCase()));
  return decoders.filter((decoder) => decoder !== undefined).reverse();
}

function isTooLarge(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const western = new TextDecoder('windows-1252');

/** Bytes as text: UTF-8, or the old Western encoding, in which every byte is something. Never fails. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return western.decode(bytes);
  }
}

/** The JSON in a text, undefined if there is none. Looks at the text and not at its declared type: error pages lie about it. */
export function jsonIn(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Replaces secrets, also as a URL or a JSON text would spell them, by `[secret]`. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.flatMap(spellings).reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text);
}

function spellings(secret: string): string[] {
  if (secret === '') return [];
  return [secret, encodeURIComponent(secret), secret.replaceAll('/', '\\/')];
}

/** The first `length` characters, and never half of one. */
export function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}
