import { nearestName } from '../suggestions/nearest-name.ts';
import { fold } from './text.ts';

/** A word that is, or wants to be, an option. `value` is what follows its `=`, null when there is none. */
export type OptionWord =
  | { readonly name: 'env'; readonly value: string | null }
  | { readonly name: 'unknown'; readonly suggestion: 'env' | null };

const optionShape = /^(?<dashes>\p{Dash}*)(?<name>\p{L}[^=:]*)(?<separator>[=:])?(?<value>.*)$/su;
// What the option is about, in each language that commands can be typed in.
const likeEnv = /^(?:env(?:ironment)?s?|environnement|umgebung|entorno|ambiente|miljon?)(?![\p{L}\p{N}_-])/u;
const gluedEnv = /(?:--|[\p{Dash}--\-])env(?![\p{L}\p{N}_\-])|(?<![\p{L}\p{N}_\-])env=/iv;

/**
 * Reads `--env`, `--env=stage`, `-env` and `env=stage`; phones turn `--` into one dash of another kind. Two hyphens
 * or such a dash before a letter always make an option. One hyphen or none do so only for what looks like `env`:
 * `-foo` may be a workflow's ID, `a=b` is text.
 */
export function readOptionWord(text: string): OptionWord | null {
  const { dashes = '', name = '', separator, value = '' } = optionShape.exec(text)?.groups ?? {};
  if (name === '' || !makesOption(dashes, name, separator, value)) return null;
  const lowerCase = name.toLowerCase();
  if (lowerCase === 'env' && separator !== ':') return { name: 'env', value: separator === undefined ? null : value };
  return { name: 'unknown', suggestion: meantAsEnv(lowerCase) ? 'env' : null };
}

function makesOption(dashes: string, name: string, separator: string | undefined, value: string): boolean {
  if (dashes !== '' && dashes !== '-') return true;
  if (!namesEnvironment(name)) return false;
  // "wrong env: it was for stage" is prose; `env:stage` is a slip.
  return dashes === '-' || separator === '=' || (separator === ':' && value !== '');
}

/** "env", "Umgebung" or "miljö", with or without a colon behind it. */
export function namesEnvironment(text: string): boolean {
  return likeEnv.test(fold(text));
}

function meantAsEnv(lowerCase: string): boolean {
  if (lowerCase.startsWith('env') || 'env'.startsWith(lowerCase) || namesEnvironment(lowerCase)) return true;
  return nearestName(lowerCase, ['env']) !== null;
}

/** An option, or one that lost the space before it: `oops--env`, `oops,env=stage`. */
export function isOptionLike(text: string): boolean {
  return readOptionWord(text) !== null || gluedEnv.test(text);
}

/** Whether a word of prose holds an option, also behind quotation marks or a bracket: `(--env`. What a link holds is none. */
export function holdsOption(text: string): boolean {
  const outsideLinks = text.replace(link, '');
  return isOptionLike(outsideLinks.replace(/^[^\p{L}\p{N}\p{Dash}]+/u, ''));
}

/** Also without its scheme: `acme.example/?env=prod`. */
const link = /(?<![\p{L}\p{N}])(?:\p{L}{1,20}:\/\/|(?:[\p{L}\p{N}-]{1,63}\.){1,10}\p{L}{2,20}(?::\d{1,5})?[/?#]).*$/su;
