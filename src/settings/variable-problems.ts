import { nearestName } from '../commands/suggestions/nearest-name.ts';
import { plain, type Translator } from '../locales/translator.ts';
import { credentialSuffixes, ownPrefixIn, prefixOf } from './credential-names.ts';
import type { ConfigurationFile, ReadFile } from './file/read-file.ts';
import type { OtherVariable, Problem, VariableProblem } from './problem.ts';
import { fileNameOf, givenByFile, isSecretName } from './secret-names.ts';
import { usualPort } from './variables.ts';

/** The set variables, by name. */
export type Values = Readonly<Record<string, string>>;

/** The simple policy's variables. With a configuration file they are an error: two policies at once would be unclear. */
const simplePolicy = [
  'CAMPAIGN_WF_CHANNELS',
  'CAMPAIGN_WF_USERS',
  'CAMPAIGN_WF_APPROVERS',
  'CAMPAIGN_WF_CONFIRM_WITHIN',
] as const;

/** The problem if none of several variables is set, of which one is required. */
export function missingTogether(values: Values, translator: Translator): readonly VariableProblem[] {
  if (values.SLACK_APP_TOKEN || values.SLACK_SIGNING_SECRET) return [];
  return [{ name: 'SLACK_APP_TOKEN', what: plain(translator.translate('settings.no_slack_mode')) }];
}

/** Port 0 selects a free port, a different one each time. */
export function samePort(
  { PORT = usualPort, METRICS_PORT }: Values,
  translator: Translator,
): readonly VariableProblem[] {
  const port = Number(METRICS_PORT);
  if (port === 0 || port !== Number(PORT)) return [];
  return [{ name: 'METRICS_PORT', what: plain(translator.translate('settings.same_port')) }];
}

/** What is missing if only the variables define the environment. */
export function missingAlone(values: Values, translator: Translator): readonly VariableProblem[] {
  if (values.CAMPAIGN_ORGANIZATION) return [];
  return [{ name: 'CAMPAIGN_ORGANIZATION', what: plain(translator.translate('settings.missing')) }];
}

/** Why the configuration file cannot be read, as a problem of the variable that names it, or else of the file. */
export function unreadable(file: ConfigurationFile, translator: Translator): readonly Problem[] {
  if (!('unreadable' in file)) return [];
  const { path, isNamed, unreadable: code } = file;
  return isNamed
    ? [{ name: 'CAMPAIGN_WF_CONFIG', what: plain(translator.translate('settings.file_unusable', { code })) }]
    : [{ file: path, line: null, what: plain(translator.translate('settings.usual_file_unusable', { code })) }];
}

/** Variables that are wrong because there is a configuration file. */
export function besideFile(values: Values, read: ReadFile | null, translator: Translator): readonly VariableProblem[] {
  const problems: VariableProblem[] = simplePolicy
    .filter((name) => values[name])
    .map((name) => ({ name, what: plain(translator.translate('settings.beside_file')), complete: true }));
  if (read?.environments === null) return [...problems, ...missingAlone(values, translator)];
  const isSecond = values.CAMPAIGN_ORGANIZATION && read !== null && read.environments.length > 0;
  if (!isSecond) return problems;
  const what = plain(translator.translate('settings.organization_beside_file'));
  return [...problems, { name: 'CAMPAIGN_ORGANIZATION', what, complete: true }];
}

/** Shorter names without our prefixes are too similar to variables of other programs. */
const shortestForeign = 7;

/** Unread variables that are probably misspelled settings. */
export function misspelledVariables(
  values: Values,
  settings: readonly string[],
  environments: readonly (string | null)[],
  translator: Translator,
): readonly OtherVariable[] {
  const own = environments.flatMap((name) =>
    name === null ? [] : credentialSuffixes.map((suffix) => `${prefixOf(name)}${suffix}`),
  );
  const known = [...settings, ...own];
  const files = known.filter(isSecretName).map(fileNameOf);
  return Object.keys(values).flatMap((name) => {
    // Variables of an environment that does not exist are reported as such.
    if (known.includes(name) || ownPrefixIn(name) !== null) return [];
    const variable = givenByFile(name);
    if (variable !== null && known.includes(variable) && isOurs(name, variable, {})) {
      return [
        {
          name,
          what: plain(translator.translate('settings.not_a_secret_file', { variable })),
          complete: true as const,
        },
      ];
    }
    const suggestion = nearestName(name, [...known, ...files]) ?? shortened(name, known);
    if (suggestion === null || !isOurs(name, suggestion, values)) return [];
    return [
      { name, what: plain(translator.translate('settings.variable_misspelled', { suggestion })), complete: true },
    ];
  });
}

/** The setting that this name abbreviates: `CAMPAIGN_ORG`, `SLACK_TOKEN`. */
function shortened(name: string, known: readonly string[]): string | null {
  const parts = name.toUpperCase().split('_');
  if (parts.length < 2) return null;
  return known.find((one) => isShortened(parts, one.split('_'))) ?? null;
}

function isShortened([first = '', ...others]: readonly string[], [whole, ...parts]: readonly string[]): boolean {
  if (first !== whole) return false;
  let from = 0;
  return others.every((other) => {
    const at = parts.findIndex((word, index) => index >= from && other.length > 1 && word.startsWith(other));
    from = at + 1;
    return at !== -1;
  });
}

function isOurs(name: string, suggestion: string, values: Values): boolean {
  if (/^(?:CAMPAIGN|SLACK)_/i.test(name)) return true;
  // `FTP_PROXY` and the like belong to other programs.
  return name.length >= shortestForeign && !/_proxy$/i.test(name) && values[suggestion] === undefined;
}
