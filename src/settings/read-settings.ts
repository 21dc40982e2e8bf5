import type { Translator } from '../locales/translator.ts';
import type { SigningKey } from '../transparency-log/keys.ts';
import { configure } from './configure.ts';
import { credentialProblems } from './credentials.ts';
import { type Beside, type ConfigurationFile, type ReadFile, readFile } from './file/read-file.ts';
import type { Problem, VariableProblem, Warning } from './problem.ts';
import type { Configuration, Settings, SlackAccess, SlackMode } from './settings.ts';
import {
  besideFile,
  missingAlone,
  missingTogether,
  misspelledVariables,
  samePort,
  unreadable,
  type Values,
} from './variable-problems.ts';
import { environmentSchema, type SettingName, type SettingValues as Variables } from './variables.ts';

export type ReadSettings =
  | { readonly ok: true; readonly settings: Settings; readonly warnings: readonly Warning[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export type ReadConfiguration =
  | { readonly ok: true; readonly configuration: Configuration; readonly warnings: readonly Warning[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads the settings from the environment variables and the configuration file, if there is one. Returns all settings or
 * all problems. An empty variable counts as absent; white space around a value is removed. `now` is in milliseconds since
 * the epoch.
 */
export function readSettings(
  env: Record<string, string | undefined>,
  translator: Translator,
  file: ConfigurationFile | null,
  now = Date.now(),
): ReadSettings {
  const values = presentIn(env);
  const schema = environmentSchema(translator);
  const parsed = schema.safeParse(values);
  const read = file === null || 'unreadable' in file ? null : readFile(file, beside(values), translator);
  const ofVariables = [
    ...(parsed.success ? [] : issuesOf(parsed.error)),
    ...missingTogether(values, translator),
    ...samePort(values, translator),
    ...(file === null ? missingAlone(values, translator) : besideFile(values, read, translator)),
    ...credentialProblems(environmentsOf(values, file, read), values, translator),
  ];
  const environments = environmentsOf(values, file, read);
  const misspelled = misspelledVariables(values, Object.keys(schema.shape), environments, translator);
  const ofFile = read?.problems ?? (file === null ? [] : unreadable(file, translator));
  const problems = [...inOrder(ofVariables, Object.keys(schema.shape)), ...ofFile];
  if (!parsed.success || problems.length > 0) return { ok: false, problems: [...problems, ...misspelled] };
  const { configuration, warnings } = configure(parsed.data, values, read, translator, now);
  return { ok: true, settings: settingsFrom(parsed.data, configuration, read), warnings: [...misspelled, ...warnings] };
}

/**
 * Reloads the configuration: the current file, with the variables as they were at the start. All other settings stay
 * unchanged while the process runs.
 */
export function readConfiguration(
  env: Record<string, string | undefined>,
  translator: Translator,
  file: ConfigurationFile | null,
): ReadConfiguration {
  const read = readSettings(env, translator, file);
  return read.ok ? { ok: true, configuration: read.settings.configuration, warnings: read.warnings } : read;
}

/** Reads the location of the ledger and its key only, whatever else is set or missing. */
export function readLedgerSettings(
  env: Record<string, string | undefined>,
  translator: Translator,
):
  | { readonly ok: true; readonly database: Settings['database']; readonly logKey: SigningKey | null }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  const parsed = environmentSchema(translator)
    .pick({ DATABASE_URL: true, CAMPAIGN_WF_LOG_KEY: true })
    .safeParse(presentIn(env));
  if (!parsed.success) return { ok: false, problems: issuesOf(parsed.error) };
  const { DATABASE_URL: database, CAMPAIGN_WF_LOG_KEY: logKey = null } = parsed.data;
  return { ok: true, database, logKey };
}

/** Reads how Slack is called only, whatever else is set or missing. The proxies are checked as well. */
export function readSlackSettings(
  env: Record<string, string | undefined>,
  translator: Translator,
): ({ readonly ok: true } & SlackAccess) | { readonly ok: false; readonly problems: readonly Problem[] } {
  const parsed = environmentSchema(translator)
    .pick({ SLACK_BOT_TOKEN: true, SLACK_API_URL: true, HTTPS_PROXY: true, HTTP_PROXY: true, NO_PROXY: true })
    .safeParse(presentIn(env));
  if (!parsed.success) return { ok: false, problems: issuesOf(parsed.error) };
  return { ok: true, botToken: parsed.data.SLACK_BOT_TOKEN, apiUrl: parsed.data.SLACK_API_URL };
}

function presentIn(env: Record<string, string | undefined>): Values {
  const trimmed = Object.entries(env).map(([name, value]) => [name, value?.trim() ?? ''] as const);
  return Object.fromEntries(trimmed.filter(([, value]) => value !== ''));
}

function issuesOf(error: { issues: readonly { path: PropertyKey[]; message: string }[] }): VariableProblem[] {
  return error.issues.map(({ path, message }) => ({ name: String(path[0]) as SettingName, what: message }));
}

function beside({ CAMPAIGN_ORGANIZATION: organization, CAMPAIGN_WF_LOCALE: locale }: Values): Beside {
  return { organization: organization ?? null, locale: locale ?? null };
}

/** The environments that need credentials, as far as they are known. */
function environmentsOf(values: Values, file: ConfigurationFile | null, read: ReadFile | null): (string | null)[] {
  if (file !== null && read === null) return [];
  return [...(read?.environments ?? [values.CAMPAIGN_ORGANIZATION ?? null])];
}

/** In the order of `.env.example`; variables of single environments come last. */
function inOrder(problems: readonly VariableProblem[], names: readonly string[]): readonly VariableProblem[] {
  const place = ({ name }: VariableProblem) => (names.includes(name) ? names.indexOf(name) : names.length);
  return problems.toSorted((a, b) => place(a) - place(b));
}

function settingsFrom(env: Variables, configuration: Configuration, read: ReadFile | null): Settings {
  return {
    slack: { botToken: env.SLACK_BOT_TOKEN, mode: slackMode(env), apiUrl: env.SLACK_API_URL },
    http: { host: env.HOST, port: env.PORT, metricsPort: env.METRICS_PORT ?? null },
    campaign: { apiUrl: env.CAMPAIGN_API_URL, imsUrl: env.IMS_URL },
    configuration,
    database: env.DATABASE_URL,
    ...(env.CAMPAIGN_WF_LOG_KEY && { logKey: env.CAMPAIGN_WF_LOG_KEY }),
    ...(env.CAMPAIGN_WF_WITNESS_FILE && { witnessFile: env.CAMPAIGN_WF_WITNESS_FILE }),
    locale: read?.content?.locale ?? env.CAMPAIGN_WF_LOCALE,
    ...(env.CAMPAIGN_WF_SELF_CHECK === 'off' && { selfCheck: false as const }),
    logLevel: env.LOG_LEVEL,
  };
}

function slackMode({ SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret }: Variables): SlackMode {
  return appToken === undefined ? { kind: 'http', signingSecret: signingSecret ?? '' } : { kind: 'socket', appToken };
}
