/** The JSON in a text, undefined if there is none. Looks at the text and not at its declared type: error pages lie about it. */
export function jsonIn(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
