import { plain, type Translator } from '../locales/translator.ts';
import { type CredentialName, settingBehind } from './credential-names.ts';
import type { SettingName } from './variables.ts';

/** A problem of a setting's variable, as text. */
export type VariableProblem = {
  readonly name: SettingName | CredentialName;
  readonly what: string;
  /** Set if the problem is not the value itself; where to find the right value is then not shown. */
  readonly complete?: true;
};

/** A problem of a variable that is not a setting, or of the way a setting was given. */
export type OtherVariable = { readonly name: string; readonly what: string; readonly complete: true };

/** A problem in the configuration file, as text. */
export type FileProblem = {
  readonly file: string;
  readonly line: number;
  /** Such as `access[0].channels[2]`; null if the problem concerns the whole line. */
  readonly key: string | null;
  readonly what: string;
};

/** Why the configuration file cannot be read, as text. */
export type WholeFileProblem = { readonly file: string; readonly line: null; readonly what: string };

/** An error that prevents the start. */
export type Problem = VariableProblem | OtherVariable | FileProblem | WholeFileProblem;

/** A setting that works, but probably not as intended. */
export type Warning = Problem;

/** A problem as one line: the name or the position, the problem and, for a variable, where to find the right value. */
export function problemLine(problem: Problem, translator: Translator): string {
  if ('file' in problem || problem.complete) return warningLine(problem);
  return `${warningLine(problem)} ${plain(translator.translate(`where.${settingBehind(problem.name)}`))}`;
}

/** A warning as one line. */
export function warningLine(warning: Warning): string {
  if ('name' in warning) return `${warning.name} ${warning.what}`;
  if (warning.line === null) return `${warning.file} ${warning.what}`;
  const { file, line, key, what } = warning;
  return `${file}:${line}: ${key === null ? what : `${key} ${what}`}`;
}
