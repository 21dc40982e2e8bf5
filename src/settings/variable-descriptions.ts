/**
 * What each variable means, for `.env.example` and `docs/settings.md`, which `npm run schema` writes.
 * `heading` begins a section. `needed` says when there has to be a value; such a variable is to be filled in. `example`
 * is shown in place of a default.
 */
export type About = {
  readonly description: string;
  readonly heading?: string;
  readonly needed?: string;
  readonly example?: string;
};

export const about = {
  SLACK_BOT_TOKEN: {
    heading: 'Slack: api.slack.com/apps, your app',
    description: 'The bot token (xoxb-…): OAuth & Permissions, Bot User OAuth Token.',
    needed: 'always',
  },
  SLACK_APP_TOKEN: {
    description:
      'For Socket Mode, which needs no public address: an app-level token (xapp-…) with the scope connections:write. Basic Information, App-Level Tokens.',
    needed: 'for Socket Mode',
  },
  SLACK_SIGNING_SECRET: {
    description: 'For HTTP, if SLACK_APP_TOKEN is not set: Basic Information, App Credentials, Signing Secret.',
  },
  SLACK_API_URL: { description: 'The address of Slack’s Web API.' },
  CAMPAIGN_ORGANIZATION: {
    heading: 'Adobe Campaign: developer.adobe.com/console, your project, OAuth Server-to-Server',
    description:
      'Your tenant, as in Campaign’s address: acme, acme-mkt-stage1. Not the ID that ends in @AdobeOrg. Not with a campaign-wf.yml that has environments.',
    needed: 'without environments in the file',
  },
  CAMPAIGN_CLIENT_ID: {
    description:
      'The client ID. An environment of campaign-wf.yml, such as stage, may have its own CAMPAIGN_STAGE_CLIENT_ID, CAMPAIGN_STAGE_CLIENT_SECRET, CAMPAIGN_STAGE_SCOPES or CAMPAIGN_STAGE_ACCESS_TOKEN. They count as a set: with one of them, stage uses none of the plain four.',
    needed: 'always',
  },
  CAMPAIGN_CLIENT_SECRET: { description: 'The client secret.', needed: 'without an access token' },
  CAMPAIGN_SCOPES: { description: 'The scopes as the console lists them, with commas.', needed: 'with the secret' },
  CAMPAIGN_ACCESS_TOKEN: {
    description:
      'In place of secret and scopes, for a first try: a token that you have generated there. It ends after a day.',
  },
  CAMPAIGN_API_URL: { description: 'The address of Campaign’s API.' },
  IMS_URL: { description: 'The address of Adobe’s login, which issues the access tokens.' },
  CAMPAIGN_WF_CHANNELS: {
    heading: 'Who may do what, where. An empty list permits nobody.',
    description:
      'The channels in which commands are accepted, by ID, with commas: the channel’s details, at the bottom.',
    needed: 'without a file',
  },
  CAMPAIGN_WF_USERS: {
    description:
      'Who may start, pause, resume, and request a stop: people (profile, ⋮, Copy member ID) and user groups (S…), with commas.',
    needed: 'without a file',
  },
  CAMPAIGN_WF_APPROVERS: {
    description:
      'Who confirms a stop: people and user groups, any one of them. If empty, whoever requests a stop confirms it.',
    needed: 'without a file',
  },
  CAMPAIGN_WF_CONFIRM_WITHIN: { description: 'How long a stop waits for its confirmation: 90s, 5m, 1h.' },
  CAMPAIGN_WF_CONFIG: {
    description:
      'The path of the rule file, for several environments, your own rules and freezes: copy campaign-wf.example.yml. A campaign-wf.yml in the working directory is read without this. It replaces the four variables above, which are refused beside it.',
  },
  DATABASE_URL: {
    heading: 'The rest has defaults that fit',
    description:
      'Where the record is. One process: a SQLite file. Several: postgres://user:password@host:5432/database. The user there may create a schema, or owns one named campaign_wf; for another name, ?schema=name at the end.',
  },
  CAMPAIGN_WF_LOG_KEY: {
    description:
      'Signs the checkpoints of the record, and marks each event as the bot’s, so that rows which somebody else writes into the database command nothing. npm run audit -- new-key makes one. Not in the database; the same for all processes.',
  },
  CAMPAIGN_WF_WITNESS_FILE: {
    description:
      'A file to which each checkpoint of the record is appended, out of reach of whoever holds the database: with it, npm run verify notices a record that was cut off, written anew or restored. Its folder has to exist.',
  },
  HOST: { description: 'The address to listen on.' },
  PORT: {
    description: 'The port for health, metrics and, over HTTP, Slack’s requests. 0 takes a free one, and logs it.',
  },
  METRICS_PORT: {
    description:
      'A port of its own for health and metrics. PORT then has only Slack’s requests and /healthz, and in Socket Mode is not opened.',
  },
  LOG_LEVEL: { description: 'The least important lines of the log: fatal, error, warn, info, debug or trace.' },
  CAMPAIGN_WF_LOCALE: {
    description: 'The language of what the channel and the terminal read: en, fr, sv, pt-BR, it, es or de.',
  },
  CAMPAIGN_WF_SELF_CHECK: {
    description:
      'Whether the bot checks, once it is ready and hourly, that channels, people, groups, organizations and aliases are right: on or off.',
  },
  HTTPS_PROXY: {
    description: 'The proxy for https addresses, so for all calls to Slack and Adobe.',
    example: 'http://user:password@proxy.example.com:3128',
  },
  HTTP_PROXY: { description: 'The proxy for http addresses.' },
  NO_PROXY: { description: 'What is reached without a proxy, with commas.', example: '.example.com,127.0.0.1' },
} as const satisfies Readonly<Record<string, About>>;
