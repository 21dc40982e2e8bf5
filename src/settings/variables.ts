import { z } from 'zod';
import { foreign } from '../locales/phrase.ts';
import { locales, plain, type Translator } from '../locales/translator.ts';
import type { Database } from '../requests/ledger/open-ledger.ts';
import { readSigningKey } from '../transparency-log/keys.ts';
import { durationMs, slackId, slackLetters } from './formats.ts';
import { logLevels } from './settings.ts';
import { about } from './variable-descriptions.ts';

/** The default of `PORT`. */
export const usualPort = '3000';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Tokens and keys are sent in headers, where Node accepts no other characters. */
export const headerValue = /^[\x21-\x7e]+$/;

/** A tenant, as in Campaign's URL. */
export const organizationShape = /^[a-z0-9-]{1,63}$/;

/**
 * The environment variables, each validated separately. Messages never contain a value. Whether some variables are
 * required depends on the configuration file; see `variable-problems.ts`.
 */
export function environmentSchema(translator: Translator) {
  const missing = plain(translator.translate('settings.missing'));
  const required = z.string({ error: missing });
  const url = (byDefault: string) =>
    z
      .string()
      .default(byDefault)
      .refine(isSafeUrl, plain(translator.translate('settings.not_a_url')))
      .transform(normalized);
  const sendable = required.regex(headerValue, plain(translator.translate('settings.not_sendable')));
  const token = (prefix: string) =>
    sendable.refine(
      (value) => value.startsWith(prefix),
      plain(translator.translate('settings.not_a_token', { prefix })),
    );
  const port = z.string().refine(isPort, plain(translator.translate('settings.not_a_port')));
  const people = slackLetters.user + slackLetters.group;
  const ids = (letters: string) => idList(translator, letters);
  return z.object({
    SLACK_BOT_TOKEN: token('xoxb-').meta(about.SLACK_BOT_TOKEN),
    SLACK_APP_TOKEN: token('xapp-').optional().meta(about.SLACK_APP_TOKEN),
    SLACK_SIGNING_SECRET: z.string().optional().meta(about.SLACK_SIGNING_SECRET),
    SLACK_API_URL: url('https://slack.com/api/').meta(about.SLACK_API_URL),
    CAMPAIGN_ORGANIZATION: z
      .string()
      .regex(organizationShape, plain(translator.translate('settings.not_an_organization')))
      .optional()
      .meta(about.CAMPAIGN_ORGANIZATION),
    CAMPAIGN_CLIENT_ID: sendable.optional().meta(about.CAMPAIGN_CLIENT_ID),
    CAMPAIGN_CLIENT_SECRET: z.string().optional().meta(about.CAMPAIGN_CLIENT_SECRET),
    CAMPAIGN_SCOPES: z.string().optional().meta(about.CAMPAIGN_SCOPES),
    CAMPAIGN_ACCESS_TOKEN: sendable.optional().meta(about.CAMPAIGN_ACCESS_TOKEN),
    CAMPAIGN_API_URL: url('https://mc.adobe.io').meta(about.CAMPAIGN_API_URL),
    IMS_URL: url('https://ims-na1.adobelogin.com').meta(about.IMS_URL),
    CAMPAIGN_WF_CHANNELS: ids(slackLetters.channel).meta(about.CAMPAIGN_WF_CHANNELS),
    CAMPAIGN_WF_USERS: ids(people).meta(about.CAMPAIGN_WF_USERS),
    CAMPAIGN_WF_APPROVERS: ids(people).meta(about.CAMPAIGN_WF_APPROVERS),
    CAMPAIGN_WF_CONFIRM_WITHIN: duration(translator).meta(about.CAMPAIGN_WF_CONFIRM_WITHIN),
    CAMPAIGN_WF_CONFIG: z.string().optional().meta(about.CAMPAIGN_WF_CONFIG),
    DATABASE_URL: database(translator).meta(about.DATABASE_URL),
    CAMPAIGN_WF_LOG_KEY: logKey(translator).optional().meta(about.CAMPAIGN_WF_LOG_KEY),
    CAMPAIGN_WF_WITNESS_FILE: z.string().optional().meta(about.CAMPAIGN_WF_WITNESS_FILE),
    HOST: z.string().default('0.0.0.0').meta(about.HOST),
    PORT: port.default(usualPort).transform(Number).meta(about.PORT),
    METRICS_PORT: port.transform(Number).optional().meta(about.METRICS_PORT),
    LOG_LEVEL: z
      .enum(logLevels, { error: oneOf(translator, 'settings.not_a_level', logLevels) })
      .default('info')
      .meta(about.LOG_LEVEL),
    CAMPAIGN_WF_LOCALE: z
      .enum(locales, { error: oneOf(translator, 'settings.not_a_locale', locales) })
      .default('en')
      .meta(about.CAMPAIGN_WF_LOCALE),
    CAMPAIGN_WF_SELF_CHECK: z
      .enum(['on', 'off'], { error: oneOf(translator, 'settings.not_a_level', ['on', 'off']) })
      .default('on')
      .meta(about.CAMPAIGN_WF_SELF_CHECK),
    HTTPS_PROXY: proxy(translator).meta(about.HTTPS_PROXY),
    HTTP_PROXY: proxy(translator).meta(about.HTTP_PROXY),
    NO_PROXY: z.string().optional().meta(about.NO_PROXY),
  });
}

export type SettingValues = z.output<ReturnType<typeof environmentSchema>>;
export type SettingName = keyof SettingValues;

function idList(translator: Translator, letters: string) {
  const shape = slackId(letters);
  const named = plain(translator.either([...letters].map((letter) => foreign(letter))));
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
        const message = plain(translator.translate('settings.not_ids', { position: index + 1, letters: named }));
        context.addIssue({ code: 'custom', message });
      }
    });
}

function duration(translator: Translator) {
  return z
    .string()
    .default('5m')
    .transform((text, context) => {
      const duration = durationMs(text);
      if (duration !== null) return duration;
      context.addIssue({ code: 'custom', message: plain(translator.translate('settings.not_a_duration')) });
      return z.NEVER;
    });
}

/** `sqlite:` and a path, or the URL of a PostgreSQL server. */
function database(translator: Translator) {
  return z
    .string()
    .default('sqlite:data/campaign-wf.sqlite')
    .refine((value) => isSqlite(value) || isPostgres(value), plain(translator.translate('settings.not_a_database')))
    .refine(
      (value) => !/^sqlite:(?:~|.*(?:\$[A-Za-z_{]|%[A-Za-z_]+%))/.test(value),
      plain(translator.translate('settings.database_home')),
    )
    .transform(
      (value): Database =>
        isPostgres(value)
          ? { kind: 'postgres', url: withEscapes(value) }
          : { kind: 'sqlite', path: value.slice('sqlite:'.length) },
    );
}

/** The key that signs the log's checkpoints, as `npm run audit -- new-key` prints it. */
function logKey(translator: Translator) {
  return z.string().transform((text, context) => {
    const key = readSigningKey(text);
    if (key !== null) return key;
    context.addIssue({ code: 'custom', message: plain(translator.translate('settings.not_a_log_key')) });
    return z.NEVER;
  });
}

/** The URL of a proxy; its password is a secret. */
function proxy(translator: Translator) {
  return z
    .string()
    .refine(isProxy, plain(translator.translate('settings.not_a_proxy')))
    .optional();
}

function isProxy(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return false;
  // A "#", "/" or "?" inside the password ends it there, and the text before it would be used as a host.
  return url.pathname === '/' && !/[?#]/.test(value) && isDecodable(url);
}

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(`${username}${password}`);
    return true;
  } catch {
    return false;
  }
}

function isSqlite(value: string): boolean {
  return /^sqlite:(?!:memory:$)./.test(value);
}

function isPostgres(value: string): boolean {
  if (!/^postgres(ql)?:\/\/./.test(value)) return false;
  const url = URL.parse(withEscapes(value));
  // A "#", "/" or "?" inside the password ends it there, and the rest of it would be used as a host.
  return url !== null && url.hash === '' && (url.username !== '' || !/@/.test(url.pathname + url.search));
}

/** A password is often pasted unencoded: a `%` that does not begin an escape sequence is literal. */
function withEscapes(url: string): string {
  return url.replaceAll(' ', '%20').replace(/(?:%[0-9a-f]{2})+|%/gi, (escapes) => {
    try {
      decodeURIComponent(escapes);
      return escapes;
    } catch {
      return escapes.replaceAll('%', '%25');
    }
  });
}

function oneOf(
  translator: Translator,
  key: 'settings.not_a_locale' | 'settings.not_a_level',
  known: readonly string[],
): string {
  return plain(translator.translate(key, { known: translator.either(known.map((name) => foreign(name))) }));
}

/**
 * `https`, or `http` on this machine, without parts that could misdirect a secret.
 *
 * @param query whether it may have one
 */
export function isSafeUrl(value: string, { query = false } = {}): boolean {
  const url = URL.parse(value);
  // An empty query has no `search`, but a path that is appended to it would become the query.
  if (url === null || url.username || url.password || (query ? /#/ : /[?#]/).test(value)) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname));
}

function normalized(value: string): string {
  const { href } = new URL(value);
  return href.endsWith('/') ? href : `${href}/`;
}

function isPort(value: string): boolean {
  return /^\d{1,5}$/.test(value) && Number(value) <= 65_535;
}
