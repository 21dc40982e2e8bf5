import { nearestName } from '../suggestions/nearest-name.ts';
import { fold } from './text.ts';

/** A word that is an option or a misspelled one. `value` is the text after its `=`, null without one. */
export type OptionWord =
  | { readonly name: 'env'; readonly value: string | null }
  | { readonly name: 'unknown'; readonly suggestion: 'env' | null };

const optionShape = /^(?<dashes>\p{Dash}*)(?<name>\p{L}[^=:]*)(?<separator>[=:])?(?<value>.*)$/su;
// "environment" in each language in which commands can be typed.
const likeEnv = /^(?:env(?:ironment)?s?|environnement|umgebung|entorno|ambiente|miljon?)(?![\p{L}\p{N}_-])/u;
const gluedEnv = /(?:--|[\p{Dash}--\-])env(?![\p{L}\p{N}_\-])|(?<![\p{L}\p{N}_\-])env=/iv;

/**
 * Reads `--env`, `--env=stage`, `-env` and `env=stage`. Phones replace `--` by a single long dash. Two hyphens or a long
 * dash before a letter always make an option. One hyphen or none make an option only before a word like `env`: `-foo`
 * may be a workflow's ID, and `a=b` is text.
 */
export function readOptionWord(text: string): OptionWord | null {
  const { dashes = '', name = '', separator, value = '' } = optionShape.exec(text)?.groups ?? {};
  if (name === '' || !makesOption(dashes, name, separator, value)) return null;
  const lowerCase = name.toLowerCase();
  if (lowerCase === 'env' && separator !== ':') return { name: 'env', value: separator === undefined ? null : value };
  return { name: 'unknown', suggestion: isLikeEnv(lowerCase) ? 'env' : null };
}

function makesOption(dashes: string, name: string, separator: string | undefined, value: string): boolean {
  if (dashes !== '' && dashes !== '-') return true;
  if (!namesEnvironment(name)) return false;
  // "wrong env: it was for stage" is prose; `env:stage` is a misspelled option.
  return dashes === '-' || separator === '=' || (separator === ':' && value !== '');
}

/** "env", "Umgebung" or "miljö", with or without a colon behind it. */
export function namesEnvironment(text: string): boolean {
  return likeEnv.test(fold(text));
}

function isLikeEnv(lowerCase: string): boolean {
  if (lowerCase.startsWith('env') || 'env'.startsWith(lowerCase) || namesEnvironment(lowerCase)) return true;
  return nearestName(lowerCase, ['env']) !== null;
}

/** Whether it is an option, or text that runs into one without a space: `oops--env`, `oops,env=stage`. */
export function isOptionLike(text: string): boolean {
  return readOptionWord(text) !== null || gluedEnv.test(text);
}

/** Whether a word of prose contains an option, also after quotation marks or a bracket: `(--env`. Links do not count. */
export function holdsOption(text: string): boolean {
  const outsideLinks = text.replace(link, '');
  return isOptionLike(outsideLinks.replace(/^[^\p{L}\p{N}\p{Dash}]+/u, ''));
}

/** Also without its scheme: `acme.example/?env=prod`. */
const link = /(?<![\p{L}\p{N}])(?:\p{L}{1,20}:\/\/|(?:[\p{L}\p{N}-]{1,63}\.){1,10}\p{L}{2,20}(?::\d{1,5})?[/?#]).*$/su;
