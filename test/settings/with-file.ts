import { translatorFor } from '../../src/locales/translator.ts';
import { problemLine, warningLine } from '../../src/settings/problem.ts';
import { type ReadSettings, readSettings } from '../../src/settings/read-settings.ts';
import type { Configuration } from '../../src/settings/settings.ts';
import { validVariables } from './valid-variables.ts';

type Variables = Record<string, string | undefined>;

const translator = translatorFor('en');
const { CAMPAIGN_ORGANIZATION: _, ...withoutOrganization } = validVariables;

/** Two environments, and an alias that is bound to one of them. */
export const twoEnvironments = `environments:
  prod: { organization: acme }
  stage: { organization: acme-mkt-stage1 }
workflows:
  nightly-load: { id: WKF110, environment: prod }
`;

/** When these files are read: before the freezes of the example are over. */
const now = Date.UTC(2026, 10, 10);

/** The settings of valid variables with these changes, and of this file. */
export function readWith(text: string, env: Variables = {}): ReadSettings {
  return readSettings({ ...withoutOrganization, ...env }, translator, { path: 'campaign-wf.yml', text }, now);
}

/** The problems of the variables and the file. */
export function problemsWith(text: string, env: Variables = {}): readonly string[] {
  const read = readWith(text, env);
  return read.ok ? [] : read.problems.map((problem) => problemLine(problem, translator));
}

const prefix = 'campaign-wf.yml:';

/** The problems of the file, without its path. */
export function fileProblems(text: string): readonly string[] {
  const ofFile = problemsWith(text).filter((line) => line.startsWith(prefix));
  return ofFile.map((line) => line.slice(prefix.length));
}

/** The configuration of a valid file. Fails where it is invalid. */
export function configurationOf(text: string, env: Variables = {}): Configuration {
  const read = readWith(text, env);
  if (!read.ok) throw new Error(problemsWith(text, env).join('\n'));
  return read.settings.configuration;
}

export function warningsWith(text: string, env: Variables = {}): readonly string[] {
  const read = readWith(text, env);
  if (!read.ok) throw new Error(problemsWith(text, env).join('\n'));
  return read.warnings.map(warningLine);
}
