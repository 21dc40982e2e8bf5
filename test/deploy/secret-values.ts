import { formatSigningKey, generateKey } from '../../src/transparency-log/keys.ts';

/** Valid values for secrets that are named as files. */
const values: Readonly<Record<string, string>> = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_APP_TOKEN: 'xapp-1',
  SLACK_SIGNING_SECRET: 'signing-secret',
  CAMPAIGN_CLIENT_SECRET: 'client-secret',
  CAMPAIGN_WF_LOG_KEY: formatSigningKey(generateKey('campaign-wf')),
  DATABASE_URL: 'postgres://campaign_wf:password@db.example.com:5432/campaign_wf',
};

/** The variables with values in place of the variables that name files. */
export function secretValuesOf(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      const secret = name.replace(/_FILE$/, '');
      return secret === name ? [name, value] : [secret, values[secret] ?? ''];
    }),
  );
}
