// Keyboards pair them differently („a“, ”a”, »a«, “a"), so any two of a family make a pair.
const families = [`"“”„‟«»`, `'‘’‚‛‹›\``];
const apostrophe = /(?<=\p{L})['’](?=\p{L})/gu;

/** The text without the pair of quotation marks around the whole of it. `"a" and "b"` is not one quotation. */
export function unquote(text: string): string {
  if (text.length < 2) return text;
  const family = families.find(
    (marks) => marks.includes(text.charAt(0)) && marks.includes(text.charAt(text.length - 1)),
  );
  if (family === undefined) return text;
  const inner = text.slice(1, -1);
  const insideMarks = inner.replace(apostrophe, '');
  return Array.from(family).some((mark) => insideMarks.includes(mark)) ? text : inner.trim();
}
