/**
 * A workflow's ID: up to 64 ASCII letters, digits, `_` and `-`. Campaign assigns `WKF110`; owners may rename it.
 */
export function isWorkflowId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

/** An ID as Campaign assigns it, in any case. */
export function isGivenWorkflowId(text: string): boolean {
  return /^WKF\d+$/i.test(text);
}

/** Begins like the IDs that Campaign assigns. */
export function beginsLikeGivenId(text: string): boolean {
  return /^WKF\d/i.test(text);
}

// Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O and U.
export const idAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const bytes = 5;
const bitsPerCharacter = 5;

/** An id of eight characters from five random bytes. */
export function newRequestId(random: Uint8Array): string {
  if (random.length !== bytes) throw new RangeError(`a request id takes ${bytes} bytes, not ${random.length}`);
  const bits = Array.from(random, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const characters = bits.match(new RegExp(`.{${bitsPerCharacter}}`, 'g')) ?? [];
  return characters.map((group) => idAlphabet.charAt(Number.parseInt(group, 2))).join('');
}

/** The ID in the format of `newRequestId`: accepts any case, reads I and L as 1, O as 0. Null if it is invalid. */
export function normalizeRequestId(typed: string): string | null {
  // Checks for ASCII before it changes the case: "ı".toUpperCase() is "I".
  if (!/^[0-9A-TV-Za-tv-z]{8}$/.test(typed)) return null;
  return typed.toUpperCase().replace(/[IL]/g, '1').replaceAll('O', '0');
}
