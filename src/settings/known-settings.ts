import type { Translator } from '../locales/translator.ts';
import type { ConfigurationFile } from './file/read-file.ts';
import { readLedgerSettings, readSettings, readSlackSettings } from './read-settings.ts';
import type { Configuration, Settings, SlackAccess, SlackMode } from './settings.ts';

/** The parts of the settings that can be used, whatever is wrong with the others. Null: that part is wrong. */
export type KnownSettings = {
  readonly slack: SlackAccess | null;
  readonly mode: SlackMode | null;
  readonly http: Settings['http'] | null;
  readonly ledger: (Pick<Settings, 'database'> & Pick<Partial<Settings>, 'logKey'>) | null;
  /** Null: no file is named. */
  readonly witnessFile: string | null;
  readonly adobe: { readonly configuration: Configuration; readonly campaign: Settings['campaign'] } | null;
};

type Variables = Readonly<Record<string, string | undefined>>;

/** Valid values for the parts that are not judged. */
const validSlack = { SLACK_BOT_TOKEN: 'xoxb-0', SLACK_APP_TOKEN: 'xapp-0' };
const validAdobe = { CAMPAIGN_ORGANIZATION: 'acme', CAMPAIGN_CLIENT_ID: 'id', CAMPAIGN_ACCESS_TOKEN: 'token' };

/** The variables that decide who may do what in which environment, and how Adobe is reached. */
const isAboutAdobe = /^(?:CAMPAIGN_(?!WF_(?:LOCALE|LOG_KEY|SELF_CHECK|WITNESS_FILE)$)|IMS_URL$)/;

export function knownSettings(env: Variables, translator: Translator, file: ConfigurationFile | null): KnownSettings {
  const read = (variables: Variables, beside: ConfigurationFile | null = null): Settings | null => {
    const settings = readSettings(variables, translator, beside);
    return settings.ok ? settings.settings : null;
  };
  const slack = readSlackSettings(env, translator);
  const ledger = readLedgerSettings(env, translator);
  const mode = read({ ...validAdobe, SLACK_BOT_TOKEN: 'xoxb-0', ...only(env, /^SLACK_(?:APP_TOKEN|SIGNING_SECRET)$/) });
  const http = read({ ...validSlack, ...validAdobe, ...only(env, /^(?:HOST|PORT|METRICS_PORT)$/) });
  const adobe = read({ ...validSlack, ...only(env, isAboutAdobe) }, file);
  return {
    slack: slack.ok ? { botToken: slack.botToken, apiUrl: slack.apiUrl } : null,
    mode: mode?.slack.mode ?? null,
    http: http?.http ?? null,
    ledger: ledger.ok ? { database: ledger.database, ...(ledger.logKey && { logKey: ledger.logKey }) } : null,
    witnessFile: env.CAMPAIGN_WF_WITNESS_FILE?.trim() || null,
    adobe: adobe && { configuration: adobe.configuration, campaign: adobe.campaign },
  };
}

function only(env: Variables, names: RegExp): Variables {
  return Object.fromEntries(Object.entries(env).filter(([name]) => names.test(name)));
}
