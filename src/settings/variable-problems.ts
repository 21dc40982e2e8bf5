import { plain, type Translator } from '../locales/words.ts';
import { usualPort } from './environment.ts';
import type { ConfigurationFile, ReadFile } from './file/read-file.ts';
import type { Problem, VariableProblem } from './problem.ts';

/** The variables that are set, by their names. */
export type Values = Readonly<Record<string, string>>;

/** The simple policy: with a configuration file it would be a second one, and which of them permits what hard to tell. */
const simplePolicy = [
  'CAMPAIGN_WF_CHANNELS',
  'CAMPAIGN_WF_USERS',
  'CAMPAIGN_WF_APPROVERS',
  'CAMPAIGN_WF_CONFIRM_WITHIN',
] as const;

/** What is missing of variables of which one is needed. */
export function missingTogether(values: Values, words: Translator): readonly VariableProblem[] {
  if (values.SLACK_APP_TOKEN || values.SLACK_SIGNING_SECRET) return [];
  return [{ name: 'SLACK_APP_TOKEN', what: plain(words.translate('settings.no_slack_mode')) }];
}

/** 0 takes a free port, and another one each time. */
export function samePort({ PORT = usualPort, METRICS_PORT }: Values, words: Translator): readonly VariableProblem[] {
  const port = Number(METRICS_PORT);
  if (port === 0 || port !== Number(PORT)) return [];
  return [{ name: 'METRICS_PORT', what: plain(words.translate('settings.same_port')) }];
}

/** What is missing where nothing but the variables names an environment. */
export function missingAlone(values: Values, words: Translator): readonly VariableProblem[] {
  if (values.CAMPAIGN_ORGANIZATION) return [];
  return [{ name: 'CAMPAIGN_ORGANIZATION', what: plain(words.translate('settings.missing')) }];
}

/** Why the configuration file cannot be read, said of the variable that names it, or of the file where none does. */
export function unreadable(file: ConfigurationFile, words: Translator): readonly Problem[] {
  if (!('unreadable' in file)) return [];
  const { path, isNamed, unreadable: code } = file;
  return isNamed
    ? [{ name: 'CAMPAIGN_WF_CONFIG', what: plain(words.translate('settings.file_unusable', { code })) }]
    : [{ file: path, line: null, what: plain(words.translate('settings.usual_file_unusable', { code })) }];
}

/** What is wrong with variables because there is a configuration file. */
export function besideFile(values: Values, read: ReadFile | null, words: Translator): readonly VariableProblem[] {
  const problems: VariableProblem[] = simplePolicy
    .filter((name) => values[name])
    .map((name) => ({ name, what: plain(words.translate('settings.beside_file')), complete: true }));
  if (read?.environments === null) return [...problems, ...missingAlone(values, words)];
  const isSecond = values.CAMPAIGN_ORGANIZATION && read !== null && read.environments.length > 0;
  if (!isSecond) return problems;
  const what = plain(words.translate('settings.organization_beside_file'));
  return [...problems, { name: 'CAMPAIGN_ORGANIZATION', what, complete: true }];
}
