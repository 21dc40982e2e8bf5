import { plain, type Translator } from '../locales/translator.ts';
import { type CredentialName, settingBehind } from './credential-names.ts';
import type { SettingName } from './variables.ts';

/** Something that a variable has wrong, in words. */
export type VariableProblem = {
  readonly name: SettingName | CredentialName;
  readonly what: string;
  /** Set where it is no matter of finding the right value, so where that is found is not told. */
  readonly complete?: true;
};

/** Something about a variable that is no setting, or about how a setting was given. */
export type OtherVariable = { readonly name: string; readonly what: string; readonly complete: true };

/** Something that the configuration file has wrong, in words. */
export type FileProblem = {
  readonly file: string;
  readonly line: number;
  /** Such as `access[0].channels[2]`; null where the words are about the line as a whole. */
  readonly key: string | null;
  readonly what: string;
};

/** Why the configuration file cannot be read at all, in words. */
export type WholeFileProblem = { readonly file: string; readonly line: null; readonly what: string };

/** What cannot work. */
export type Problem = VariableProblem | OtherVariable | FileProblem | WholeFileProblem;

/** What works, and hardly as somebody wants it. */
export type Warning = Problem;

/** A problem as a line: the name or the place, what is wrong and, for a variable, where to find the right value. */
export function problemLine(problem: Problem, translator: Translator): string {
  if ('file' in problem || problem.complete) return warningLine(problem);
  return `${warningLine(problem)} ${plain(translator.translate(`where.${settingBehind(problem.name)}`))}`;
}

/** A warning as a line. */
export function warningLine(warning: Warning): string {
  if ('name' in warning) return `${warning.name} ${warning.what}`;
  if (warning.line === null) return `${warning.file} ${warning.what}`;
  const { file, line, key, what } = warning;
  return `${file}:${line}: ${key === null ? what : `${key} ${what}`}`;
}
