import type { People } from '../access/policy.ts';
import { simplePolicy } from '../access/simple-policy.ts';
import { plain, type Words } from '../locales/words.ts';
import { type Environment, environmentSchema, type SettingName } from './environment.ts';
import type { Credentials, Settings, SlackMode } from './settings.ts';

/** Something that a setting has wrong, in words. */
export type Problem = { readonly name: SettingName; readonly what: string };

export type ReadSettings =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads the settings out of the environment's variables: all of them, or all that is wrong with them. An empty
 * variable is an absent one, and white space around a value is none of it.
 */
export function readSettings(env: Record<string, string | undefined>, words: Words): ReadSettings {
  const present = presentIn(env);
  const schema = environmentSchema(words);
  const parsed = schema.safeParse(present);
  const problems = [...(parsed.success ? [] : issuesOf(parsed.error)), ...missingTogether(present, words)];
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, settings: settingsFrom(parsed.data) };
}

/** Reads where the ledger is, whatever else is set or missing. */
export function readDatabase(
  env: Record<string, string | undefined>,
  words: Words,
):
  | { readonly ok: true; readonly database: Settings['database'] }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  const parsed = environmentSchema(words).pick({ DATABASE_URL: true }).safeParse(presentIn(env));
  if (!parsed.success) return { ok: false, problems: issuesOf(parsed.error) };
  return { ok: true, database: parsed.data.DATABASE_URL };
}

function presentIn(env: Record<string, string | undefined>): Record<string, string> {
  const trimmed = Object.entries(env).map(([name, value]) => [name, value?.trim() ?? ''] as const);
  return Object.fromEntries(trimmed.filter(([, value]) => value !== ''));
}

/** A problem as a line: the name, what is wrong, where to find the right value. */
export function problemLine({ name, what }: Problem, words: Words): string {
  return `${name} ${what} ${plain(words.say(`where.${name}`))}`;
}

function issuesOf(error: { issues: readonly { path: PropertyKey[]; message: string }[] }): Problem[] {
  return error.issues.map(({ path, message }) => ({ name: String(path[0]) as SettingName, what: message }));
}

/** What is wrong with settings that belong together. */
function missingTogether(env: Record<string, string>, words: Words): Problem[] {
  const problems: Problem[] = [];
  if (!env.SLACK_APP_TOKEN && !env.SLACK_SIGNING_SECRET) {
    problems.push({ name: 'SLACK_APP_TOKEN', what: plain(words.say('settings.no_slack_mode')) });
  }
  const { CAMPAIGN_CLIENT_SECRET: secret, CAMPAIGN_SCOPES: scopes, CAMPAIGN_ACCESS_TOKEN: token } = env;
  if (!secret !== !scopes) {
    const name = secret ? 'CAMPAIGN_SCOPES' : 'CAMPAIGN_CLIENT_SECRET';
    problems.push({ name, what: plain(words.say('settings.half_credentials')) });
  } else if (!secret && !token) {
    problems.push({ name: 'CAMPAIGN_CLIENT_SECRET', what: plain(words.say('settings.no_credentials')) });
  }
  return problems;
}

function settingsFrom(env: Environment): Settings {
  const { CAMPAIGN_ORGANIZATION: organization, CAMPAIGN_CLIENT_ID: clientId } = env;
  return {
    slack: { botToken: env.SLACK_BOT_TOKEN, mode: slackMode(env), apiUrl: env.SLACK_API_URL },
    http: { host: env.HOST, port: env.PORT },
    campaign: { apiUrl: env.CAMPAIGN_API_URL, imsUrl: env.IMS_URL },
    // Without a configuration file there is one environment, and people know it by its tenant's name.
    configuration: {
      environments: [{ name: organization, production: true, organization, clientId, credentials: credentials(env) }],
      vocabulary: { environments: [organization], defaultEnvironment: organization, aliases: [] },
      policy: simplePolicy(
        {
          channels: new Set(env.CAMPAIGN_WF_CHANNELS),
          users: people(env.CAMPAIGN_WF_USERS),
          approvers: people(env.CAMPAIGN_WF_APPROVERS),
          confirmWithinMs: env.CAMPAIGN_WF_CONFIRM_WITHIN,
        },
        organization,
      ),
    },
    database: env.DATABASE_URL,
    locale: env.CAMPAIGN_WF_LOCALE,
    logLevel: env.LOG_LEVEL,
  };
}

function slackMode({ SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret }: Environment): SlackMode {
  return appToken === undefined ? { kind: 'http', signingSecret: signingSecret ?? '' } : { kind: 'socket', appToken };
}

/** Credentials that renew themselves go before a token that will end. */
function credentials(env: Environment): Credentials {
  const { CAMPAIGN_CLIENT_SECRET: clientSecret, CAMPAIGN_SCOPES: scopes, CAMPAIGN_ACCESS_TOKEN: accessToken } = env;
  if (clientSecret !== undefined && scopes !== undefined) return { kind: 'ims', clientSecret, scopes };
  return { kind: 'fixed', accessToken: accessToken ?? '' };
}

function people(ids: readonly string[]): People {
  return {
    users: new Set(ids.filter((id) => !id.startsWith('S'))),
    groups: new Set(ids.filter((id) => id.startsWith('S'))),
  };
}
