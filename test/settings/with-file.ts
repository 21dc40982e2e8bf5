import { translatorFor } from '../../src/locales/translator.ts';
import { problemLine, warningLine } from '../../src/settings/problem.ts';
import { type ReadSettings, readSettings } from '../../src/settings/read-settings.ts';
import type { Configuration } from '../../src/settings/settings.ts';
import { rightEnvironment } from './right-environment.ts';

type Variables = Record<string, string | undefined>;

const translator = translatorFor('en');
const { CAMPAIGN_ORGANIZATION: _, ...withoutOrganization } = rightEnvironment;

/** Two environments, and an alias that is bound to one of them. */
export const twoEnvironments = `environments:
  prod: { organization: acme }
  stage: { organization: acme-mkt-stage1 }
workflows:
  nightly-load: { id: WKF110, environment: prod }
`;

/** Right variables for a file that names its environments, with these changes, and the file. */
export function readWith(text: string, env: Variables = {}): ReadSettings {
  return readSettings({ ...withoutOrganization, ...env }, translator, { path: 'campaign-wf.yml', text });
}

/** What is said of variables and file. Empty where nothing is wrong. */
export function problemsWith(text: string, env: Variables = {}): readonly string[] {
  const read = readWith(text, env);
  return read.ok ? [] : read.problems.map((problem) => problemLine(problem, translator));
}

const prefix = 'campaign-wf.yml:';

/** What is said of the file, without its path. */
export function flawsIn(text: string): readonly string[] {
  const ofFile = problemsWith(text).filter((line) => line.startsWith(prefix));
  return ofFile.map((line) => line.slice(prefix.length));
}

/** What a right file makes; fails where it is not. */
export function configured(text: string, env: Variables = {}): Configuration {
  const read = readWith(text, env);
  if (!read.ok) throw new Error(problemsWith(text, env).join('\n'));
  return read.settings.configuration;
}

export function warningsWith(text: string, env: Variables = {}): readonly string[] {
  const read = readWith(text, env);
  if (!read.ok) throw new Error(problemsWith(text, env).join('\n'));
  return read.warnings.map(warningLine);
}
