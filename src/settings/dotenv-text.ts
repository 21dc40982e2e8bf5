import { parse } from 'dotenv';

/** A value of which a part became a comment: `cut` in the middle, `empty` as a whole. */
export type Comment = { readonly name: string; readonly line: number; readonly kind: 'cut' | 'empty' };

const assignment = /^\s*(?:export\s+)?(?<name>[\w.-]+)\s*[=:](?<given>.*)$/;

/** The values of a `.env` that hold a `#` without quotes, where it hardly begins a comment: `abc#def`, `#ops`. */
export function commentsIn(text: string): readonly Comment[] {
  const values = parse(text);
  return text.split(/\r?\n/).flatMap((written, index) => {
    const { name, given } = assignment.exec(written)?.groups ?? {};
    if (name === undefined || given === undefined || !isCut(given)) return [];
    const kept = given.slice(0, given.indexOf('#')).trim();
    if (values[name] !== kept) return [];
    return [{ name, line: index + 1, kind: kept === '' ? 'empty' : 'cut' }];
  });
}

/** Between white spaces, or behind some at the end of a value, it is a comment. */
function isCut(given: string): boolean {
  const at = given.indexOf('#');
  if (at === -1 || /^\s*["'`]/.test(given)) return false;
  const isGlued = at > 0 && !/\s/.test(given.charAt(at - 1));
  return isGlued || (given.slice(0, at).trim() === '' && /^#[^\s#]/.test(given.slice(at)));
}
