import ms from 'ms';
import { z } from 'zod';
import { foreign } from '../locales/phrase.ts';
import { locales, plain, type Words } from '../locales/words.ts';
import type { Database } from '../requests/ledger/open-ledger.ts';
import { logLevels } from './settings.ts';

const dayMs = 86_400_000;
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Tokens and keys travel in headers, and Node sends no header with anything else in it. */
const headerValue = /^[\x21-\x7e]+$/;

/** Slack's IDs are "a letter and at least two capitals or digits"; Slack promises no length. */
const slackId = (letters: string) => new RegExp(`^[${letters}][A-Z0-9]{2,}$`);

/** The environment's variables, each on its own. What is wrong with one is said in `words`, and never with its value. */
export function environmentSchema(words: Words) {
  const missing = plain(words.say('settings.missing'));
  const required = z.string({ error: missing });
  const url = (byDefault: string) =>
    z
      .string()
      .default(byDefault)
      .refine(isSafeUrl, plain(words.say('settings.not_a_url')))
      .transform(normalized);
  const sendable = required.regex(headerValue, plain(words.say('settings.not_sendable')));
  const token = (prefix: string) =>
    sendable.refine((value) => value.startsWith(prefix), plain(words.say('settings.not_a_token', { prefix })));
  const ids = (letters: string) => idList(words, letters);
  return z.object({
    SLACK_BOT_TOKEN: token('xoxb-'),
    SLACK_APP_TOKEN: token('xapp-').optional(),
    SLACK_SIGNING_SECRET: z.string().optional(),
    SLACK_API_URL: url('https://slack.com/api/'),
    HOST: z.string().default('0.0.0.0'),
    PORT: z
      .string()
      .default('3000')
      .refine(isPort, plain(words.say('settings.not_a_port')))
      .transform(Number),
    CAMPAIGN_ORGANIZATION: required.regex(/^[a-z0-9-]{1,63}$/, plain(words.say('settings.not_an_organization'))),
    CAMPAIGN_CLIENT_ID: sendable,
    CAMPAIGN_CLIENT_SECRET: z.string().optional(),
    CAMPAIGN_SCOPES: z.string().optional(),
    CAMPAIGN_ACCESS_TOKEN: sendable.optional(),
    CAMPAIGN_API_URL: url('https://mc.adobe.io'),
    IMS_URL: url('https://ims-na1.adobelogin.com'),
    CAMPAIGN_WF_CHANNELS: ids('CGD'),
    CAMPAIGN_WF_USERS: ids('UWS'),
    CAMPAIGN_WF_APPROVERS: ids('UWS'),
    CAMPAIGN_WF_CONFIRM_WITHIN: duration(words),
    CAMPAIGN_WF_CONFIG: z.undefined({ error: plain(words.say('settings.config_later')) }).optional(),
    DATABASE_URL: database(words),
    CAMPAIGN_WF_LOCALE: z.enum(locales, { error: oneOf(words, 'settings.not_a_locale', locales) }).default('en'),
    LOG_LEVEL: z.enum(logLevels, { error: oneOf(words, 'settings.not_a_level', logLevels) }).default('info'),
  });
}

export type Environment = z.output<ReturnType<typeof environmentSchema>>;
export type SettingName = keyof Environment;

function idList(words: Words, letters: string) {
  const shape = slackId(letters);
  const named = plain(words.either([...letters].map((letter) => foreign(letter))));
  return z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((id) => id.trim())
        .filter(Boolean),
    )
    .superRefine((ids, context) => {
      for (const [index, id] of ids.entries()) {
        if (shape.test(id)) continue;
        const message = plain(words.say('settings.not_ids', { position: index + 1, letters: named }));
        context.addIssue({ code: 'custom', message });
      }
    });
}

function duration(words: Words) {
  return z
    .string()
    .default('5m')
    .transform((text) => Math.round(ms(text as ms.StringValue)))
    .refine((value) => value >= 1_000 && value <= dayMs, plain(words.say('settings.not_a_duration')));
}

/** `sqlite:` and a path, or the URL of a PostgreSQL server. */
function database(words: Words) {
  return z
    .string()
    .default('sqlite:data/campaign-wf.sqlite')
    .refine((value) => isSqlite(value) || isPostgres(value), plain(words.say('settings.not_a_database')))
    .transform(
      (value): Database =>
        isPostgres(value) ? { kind: 'postgres', url: value } : { kind: 'sqlite', path: value.slice('sqlite:'.length) },
    );
}

function isSqlite(value: string): boolean {
  return /^sqlite:(?!:memory:$)./.test(value);
}

function isPostgres(value: string): boolean {
  return /^postgres(ql)?:\/\/./.test(value) && URL.canParse(value);
}

function oneOf(words: Words, key: 'settings.not_a_locale' | 'settings.not_a_level', known: readonly string[]): string {
  return plain(words.say(key, { known: words.either(known.map((name) => foreign(name))) }));
}

/** `https`, or `http` on this machine, and nothing in it that would send a secret astray. */
function isSafeUrl(value: string): boolean {
  const url = URL.parse(value);
  // An empty query has no `search`, but whatever is put behind it becomes one.
  if (url === null || url.username || url.password || /[?#]/.test(value)) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname));
}

function normalized(value: string): string {
  const { href } = new URL(value);
  return href.endsWith('/') ? href : `${href}/`;
}

function isPort(value: string): boolean {
  return /^\d{1,5}$/.test(value) && Number(value) <= 65_535;
}
