import { brotliDecompressSync, unzipSync, zstdDecompressSync } from 'node:zlib';

/** `unreadable`: the bytes do not match the declared encoding, or are incomplete. */
export type Unpacked =
  | { readonly kind: 'unpacked'; readonly bytes: Uint8Array }
  | { readonly kind: 'too_large' | 'unreadable' };

type Decoder = (packed: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;

const decoderByCoding: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', unzipSync],
  ['x-gzip', unzipSync],
  ['deflate', unzipSync],
  ['br', brotliDecompressSync],
  ['zstd', zstdDecompressSync],
]);

/** Undoes a `Content-Encoding` (RFC 9110, 8.4). An unknown coding is ignored. */
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

/** In the order in which to undo them: last applied, first undone. */
function decodersOf(encoding = ''): readonly Decoder[] {
  const decoders = encoding.split(',').map((coding) => decoderByCoding.get(coding.trim().toLowerCase()));
  return decoders.filter((decoder) => decoder !== undefined).reverse();
}

function isTooLarge(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const western = new TextDecoder('windows-1252');

/** Decodes UTF-8, or else windows-1252, in which every byte is valid. Never fails. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return western.decode(bytes);
  }
}

/** The JSON in a text; undefined if there is none. Ignores the declared type, which is often wrong for error pages. */
export function jsonIn(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Replaces secrets by `[secret]`, also in their URL-encoded and JSON-escaped forms. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.flatMap(encodedForms).reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text);
}

function encodedForms(secret: string): string[] {
  if (secret === '') return [];
  return [secret, encodeURIComponent(secret), secret.replaceAll('/', '\\/')];
}

/** The first `length` UTF-16 code units, without half of a surrogate pair. */
export function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}
