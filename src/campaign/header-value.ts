/** Keys and tokens travel in headers: visible ASCII, or Node refuses the whole request. */
export const HEADER_VALUE = /^[\x21-\x7e]+$/;

/** @throws TypeError that names the value but does not quote it. */
export function checkHeaderValue(name: string, value: string): void {
  if (!HEADER_VALUE.test(value)) {
    throw new TypeError(`The ${name} has to be visible ASCII characters without spaces`);
  }
}
