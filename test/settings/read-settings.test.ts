import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { simplePolicy } from '../../src/access/simple-policy.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import { problemLine, warningLine } from '../../src/settings/problem.ts';
import { readSettings } from '../../src/settings/read-settings.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { formatSigningKey, formatVerifierKey, generateKey, verifierKeyOf } from '../../src/transparency-log/keys.ts';
import { validVariables } from './valid-variables.ts';

type Variables = Record<string, string | undefined>;

const translator = translatorFor('en');

/** The settings of the valid variables with these changes. Fails where they are invalid. */
function settingsWith(changes: Variables): Settings {
  const read = readSettings({ ...validVariables, ...changes }, translator, null);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.settings;
}

function linesOf(env: Variables): string[] {
  const read = readSettings(env, translator, null);
  return read.ok ? [] : read.problems.map((problem) => problemLine(problem, translator));
}

const linesWith = (changes: Variables) => linesOf({ ...validVariables, ...changes });

describe('a variable that is not set', () => {
  it('has the documented default', () => {
    expect(settingsWith({})).toEqual({
      slack: {
        botToken: 'xoxb-1-bot',
        mode: { kind: 'socket', appToken: 'xapp-1-app' },
        apiUrl: 'https://slack.com/api/',
      },
      http: { host: '0.0.0.0', port: 3000, metricsPort: null },
      campaign: { apiUrl: 'https://mc.adobe.io/', imsUrl: 'https://ims-na1.adobelogin.com/' },
      configuration: {
        environments: [
          {
            name: 'acme',
            production: true,
            pausesEndAfterMs: 7 * 24 * 3_600_000,
            organization: 'acme',
            clientId: 'client-id',
            credentials: {
              kind: 'ims',
              clientSecret: 'p8e-secret',
              scopes: 'openid,AdobeID,deliverability_service_general',
            },
          },
        ],
        vocabulary: { environments: ['acme'], defaultEnvironment: 'acme', aliases: [] },
        policy: simplePolicy(
          {
            channels: new Set(),
            users: { users: new Set(), groups: new Set() },
            approvers: { users: new Set(), groups: new Set() },
            confirmWithinMs: 300_000,
          },
          'acme',
        ),
        openPerPerson: 500,
        recordChannel: null,
        watches: [],
      },
      database: { kind: 'sqlite', path: 'data/campaign-wf.sqlite' },
      locale: 'en',
      logLevel: 'info',
    });
  });

  it('is the same as one that is empty or blank', () => {
    const everyName = Object.keys({ ...validVariables, ...optionalVariables });
    for (const blank of ['', ' ', '\t\r\n']) {
      const blanks = Object.fromEntries(everyName.map((name) => [name, blank]));
      expect(linesOf(blanks)).toEqual(linesOf({}));
      expect(settingsWith({ PORT: blank, DATABASE_URL: blank, CAMPAIGN_WF_USERS: blank })).toEqual(settingsWith({}));
    }
  });
});

/** Every optional variable, with another value than its default. */
const optionalVariables = {
  SLACK_SIGNING_SECRET: '8f742231b10e8888abcd99yyyzzz85a5',
  SLACK_API_URL: 'https://slack.example/api',
  HOST: '::1',
  PORT: '0',
  METRICS_PORT: '9464',
  CAMPAIGN_ACCESS_TOKEN: 'eyJ.a-_.b',
  CAMPAIGN_API_URL: 'http://127.0.0.1:8080/campaign',
  IMS_URL: 'http://[::1]:9090',
  CAMPAIGN_WF_CHANNELS: 'C0OPS, G0LEADS,,D0X ,',
  CAMPAIGN_WF_USERS: 'U0ALICE,W0GRID,S0OPS',
  CAMPAIGN_WF_APPROVERS: 'S0LEADS',
  CAMPAIGN_WF_CONFIRM_WITHIN: '90s',
  DATABASE_URL: 'sqlite:/var/lib/campaign wf/ledger.sqlite',
  CAMPAIGN_WF_LOCALE: 'en',
  LOG_LEVEL: 'debug',
} as const;

it('CAMPAIGN_WF_LOG_KEY is the key that signs checkpoints', () => {
  const key = generateKey('log.example');
  const { logKey } = settingsWith({ CAMPAIGN_WF_LOG_KEY: ` ${formatSigningKey(key)} ` });
  expect(logKey && formatVerifierKey(verifierKeyOf(logKey))).toBe(formatVerifierKey(verifierKeyOf(key)));
  expect(settingsWith({ CAMPAIGN_WF_LOG_KEY: '' }).logKey).toBeUndefined();
  expect(inspect(logKey, { depth: 9 })).not.toContain(formatSigningKey(key).slice(-40));
});

it.each(['postgres://db/x', 'postgresql://u:p@db:5433/x?sslmode=require'])('DATABASE_URL can be %s', (url) => {
  expect(settingsWith({ DATABASE_URL: url })).toMatchObject({ database: { kind: 'postgres', url } });
});

it.each([
  ['0', '0'],
  ['3000', '3001'],
  ['', '3001'],
])('PORT %j and METRICS_PORT %j are valid together', (port, metricsPort) => {
  const { http } = settingsWith({ PORT: port, METRICS_PORT: metricsPort });
  expect(http).toMatchObject({ metricsPort: Number(metricsPort) });
});

describe('a variable that is set', () => {
  it('is used', () => {
    expect(settingsWith(optionalVariables)).toMatchObject({
      slack: { apiUrl: 'https://slack.example/api/' },
      http: { host: '::1', port: 0, metricsPort: 9464 },
      campaign: { apiUrl: 'http://127.0.0.1:8080/campaign/', imsUrl: 'http://[::1]:9090/' },
      database: { kind: 'sqlite', path: '/var/lib/campaign wf/ledger.sqlite' },
      logLevel: 'debug',
    });
  });

  it('defines the simple policy, with users and user groups, for the only environment', () => {
    const { policy } = settingsWith(optionalVariables).configuration;
    const lists = {
      channels: new Set(['C0OPS', 'G0LEADS', 'D0X']),
      users: { users: new Set(['U0ALICE', 'W0GRID']), groups: new Set(['S0OPS']) },
      approvers: { users: new Set<string>(), groups: new Set(['S0LEADS']) },
      confirmWithinMs: 90_000,
    };
    expect(policy).toEqual(simplePolicy(lists, 'acme'));
  });

  it('is used without white space around it', () => {
    const everything = { ...validVariables, ...optionalVariables };
    const padded = Object.fromEntries(Object.entries(everything).map(([name, value]) => [name, ` ${value}\r\n`]));
    expect(settingsWith(padded)).toEqual(settingsWith(everything));
  });
});

describe('the connection to Slack', () => {
  it('uses Socket Mode with an app token, whatever else is set', () => {
    const { mode } = settingsWith({ SLACK_SIGNING_SECRET: 'abc' }).slack;
    expect(mode).toEqual({ kind: 'socket', appToken: 'xapp-1-app' });
  });

  it('uses HTTP with a signing secret alone', () => {
    const { mode } = settingsWith({ SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 'abc' }).slack;
    expect(mode).toEqual({ kind: 'http', signingSecret: 'abc' });
  });

  it('needs one of the two', () => {
    expect(linesWith({ SLACK_APP_TOKEN: undefined })).toEqual([
      'SLACK_APP_TOKEN is missing, and SLACK_SIGNING_SECRET too: the first is for Socket Mode, the second for HTTP, and one of them is needed. Find it at api.slack.com/apps, your app, Basic Information, App-Level Tokens (scope connections:write).',
    ]);
  });
});

describe('the credentials for Campaign', () => {
  const ims = ['CAMPAIGN_CLIENT_SECRET', 'CAMPAIGN_SCOPES'] as const;
  const [none, token] = [{ [ims[0]]: '', [ims[1]]: '' }, { CAMPAIGN_ACCESS_TOKEN: 'eyJ' }];

  it('can be a fixed token', () => {
    const [{ credentials }] = settingsWith({ ...none, ...token }).configuration.environments;
    expect(credentials).toEqual({ kind: 'fixed', accessToken: 'eyJ' });
  });

  it('are those of IMS where there is also a token', () => {
    const [{ credentials }] = settingsWith(token).configuration.environments;
    expect(credentials.kind).toBe('ims');
  });

  it('are required', () => {
    expect(linesWith(none)).toEqual([
      expect.stringMatching(/^CAMPAIGN_CLIENT_SECRET is missing: .*CAMPAIGN_SCOPES.*CAMPAIGN_ACCESS_TOKEN/),
    ]);
  });

  it.each([
    ['CAMPAIGN_SCOPES', {}],
    ['CAMPAIGN_CLIENT_SECRET', {}],
    ['CAMPAIGN_SCOPES', token],
    ['CAMPAIGN_CLIENT_SECRET', token],
  ])('are a problem where they are incomplete: without %s and with %j', (half, more) => {
    expect(linesWith({ [half]: '', ...more })).toEqual([
      expect.stringMatching(
        new RegExp(`^${half} is missing: CAMPAIGN_CLIENT_SECRET and CAMPAIGN_SCOPES belong together`),
      ),
    ]);
  });
});

describe('a variable that is not known', () => {
  function suggested(name: string, set: Variables = {}): readonly string[] {
    const read = readSettings({ ...validVariables, ...set, [name]: 'x' }, translator, null);
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    return read.warnings.map(warningLine).filter((line) => line.startsWith(`${name} `));
  }

  it.each([
    ['SLACK_BOT_TOKE', 'SLACK_BOT_TOKEN'],
    ['SLACK_TOKEN', 'SLACK_BOT_TOKEN'],
    ['SLACK_SIGN_SEC', 'SLACK_SIGNING_SECRET'],
    ['SLACK_SECRET', 'SLACK_SIGNING_SECRET'],
    ['CAMPAIGN_ORG', 'CAMPAIGN_ORGANIZATION'],
    ['campaign_org', 'CAMPAIGN_ORGANIZATION'],
    ['CAMPAIGN_SECRET', 'CAMPAIGN_CLIENT_SECRET'],
    ['CAMPAIGN_WF_CONF_WITH', 'CAMPAIGN_WF_CONFIRM_WITHIN'],
    ['METRICS_PRT', 'METRICS_PORT'],
  ])('is answered with the one that was probably meant: %s', (name, suggestion) => {
    expect(suggested(name)).toEqual([`${name} is not known: did you mean ${suggestion}?`]);
  });

  it.each([
    ...[
      'SLACK_SECRET_SIGNING',
      'SLACK_S',
      'SLACK_WEBHOOK_URL',
      'CAMPAIGN_NAME',
      'CAMPAIGN',
      'SLACK',
      'FTP_PROXY',
      'POTR',
    ],
  ])('is left alone where it means nothing of ours: %s', (name) => {
    expect(suggested(name)).toEqual([]);
  });

  it('is left alone where it belongs to another program, and the setting that it resembles is set', () => {
    expect(suggested('DATABASE_URI')).toEqual(['DATABASE_URI is not known: did you mean DATABASE_URL?']);
    expect(suggested('DATABASE_URI', { DATABASE_URL: 'sqlite:a.db' })).toEqual([]);
  });
});

describe('an invalid value', () => {
  const wrongProxies = [
    ...['proxy.example.com:3128', 'socks5://proxy:1080', 'http://', 'http://a:%zz@proxy:3128', 'x'],
    ...['http://a:12#3@proxy:3128', 'http://a:12/3@proxy:3128', 'http://a:12?3@proxy:3128', 'http://a:#3@proxy:3128'],
  ];
  const wrongUrls = [
    'slack.com/api',
    'http://slack.com/api/',
    'http://127.0.0.1.evil.example/',
    'http://127.evil.example/',
    'http://localhost.evil.example/',
    'http://[::2]/',
    'http://0.0.0.0/',
    'ftp://localhost/',
    'https://',
    'https://user@slack.com/',
    'https://user:pass@slack.com/',
    'https://:pass@slack.com/',
    'https://slack.com/api/?x=y',
    'https://slack.com/api/?',
    'https://slack.com/api/#x',
    'https://slack.com/api/#',
    'javascript:alert(1)',
  ];
  const wrongTokens = ['xoxp-1-user', 'XOXB-1', ' bot xoxb-1', 'token'];
  const unsendable = ['xoxb-1 2', 'xoxb-1\n2', 'xoxb-…', 'xoxb-1\u0000', 'xoxb-\u200b1'];
  const wrongIds = [
    'ops',
    '#ops',
    'c0ops',
    'C0ops',
    'C0',
    'C',
    'T0ACME',
    'X0ABC',
    'C0-OPS',
    'C0OPS C0MKT',
    'C0OPS;C0MKT',
  ];

  const wrong: [string, readonly string[], RegExp][] = [
    ['SLACK_BOT_TOKEN', ['', ' '], /^SLACK_BOT_TOKEN is missing\. Find it at api\.slack\.com/],
    ['SLACK_BOT_TOKEN', wrongTokens, /^SLACK_BOT_TOKEN (has characters|does not begin with xoxb-)/],
    ['SLACK_BOT_TOKEN', unsendable, /^SLACK_BOT_TOKEN has characters that no token or key has/],
    ['SLACK_APP_TOKEN', ['xoxb-1', 'app'], /^SLACK_APP_TOKEN does not begin with xapp-\. Find it at api\.slack\.com/],
    [
      'HTTPS_PROXY',
      wrongProxies,
      /^HTTPS_PROXY is not the address of a proxy, such as http:\/\/proxy\.example\.com:3128/,
    ],
    ['HTTP_PROXY', wrongProxies, /^HTTP_PROXY is not the address of a proxy/],
    ['SLACK_API_URL', wrongUrls, /^SLACK_API_URL is not an https address \(http only for this machine\)/],
    ['CAMPAIGN_API_URL', wrongUrls, /^CAMPAIGN_API_URL is not an https address/],
    ['IMS_URL', wrongUrls, /^IMS_URL is not an https address/],
    [
      'PORT',
      ['-1', '65536', '3000.5', '0x10', 'http', '1e3', '٣'],
      /^PORT is not a port: a whole number from 0 to 65535\./,
    ],
    ['METRICS_PORT', ['-1', '65536', 'http'], /^METRICS_PORT is not a port: a whole number from 0 to 65535\./],
    ['METRICS_PORT', ['3000', '03000'], /^METRICS_PORT is the same port as PORT\. Choose another one\./],
    ['CAMPAIGN_ORGANIZATION', [''], /^CAMPAIGN_ORGANIZATION is missing\. It is your tenant as in Campaign/],
    [
      'CAMPAIGN_ORGANIZATION',
      ['Acme', 'acme.campaign', 'acme/..', 'ac me', '2B3F@AdobeOrg', 'é', 'a'.repeat(64), 'acme\nx'],
      /^CAMPAIGN_ORGANIZATION is not a tenant’s name: lower-case letters, digits and hyphens, up to 63\./,
    ],
    ['CAMPAIGN_CLIENT_ID', [''], /^CAMPAIGN_CLIENT_ID is missing\. Find it at developer\.adobe\.com/],
    ['CAMPAIGN_CLIENT_ID', ['client id', 'clé'], /^CAMPAIGN_CLIENT_ID has characters that no token or key has/],
    [
      'CAMPAIGN_ACCESS_TOKEN',
      ['Bearer eyJ', 'eyJ\nx'],
      /^CAMPAIGN_ACCESS_TOKEN has characters that no token or key has/,
    ],
    [
      'CAMPAIGN_WF_CHANNELS',
      [...wrongIds, 'U0ALICE'],
      /^CAMPAIGN_WF_CHANNELS has something else than a Slack ID as its/,
    ],
    ['CAMPAIGN_WF_USERS', [...wrongIds, 'C0OPS', '@alice'], /^CAMPAIGN_WF_USERS has .* begin with U, W, or S /],
    ['CAMPAIGN_WF_APPROVERS', [...wrongIds, 'C0OPS'], /^CAMPAIGN_WF_APPROVERS has .* begin with U, W, or S /],
    [
      'CAMPAIGN_WF_CONFIRM_WITHIN',
      ['soon', '999ms', '5', '25h', '1d1h', '-5m', 'Infinity', 'NaN', '5m 1s', 'x'.repeat(200)],
      /^CAMPAIGN_WF_CONFIRM_WITHIN is not a duration from 1 second to 24 hours, such as 90s, 5m or 1h\./,
    ],
    [
      'DATABASE_URL',
      ['data/x.sqlite', 'sqlite:', 'sqlite: ', 'sqlite::memory:', 'mysql://db/x', 'file:x', 'postgres:', 'postgres://'],
      /^DATABASE_URL is not a database: give sqlite: and a path, or postgres:\/\/user:password@host\/database\./,
    ],
    [
      'DATABASE_URL',
      ['sqlite:~/x', 'sqlite:~ops/x.sqlite', 'sqlite:$HOME/x', `sqlite:\${HOME}/x`, 'sqlite:%USERPROFILE%/x'],
      /^DATABASE_URL has a tilde, /,
    ],
    [
      'CAMPAIGN_WF_LOG_KEY',
      ['secret', 'PRIVATE+KEY+', 'log.example+01234567+AQ', 'PRIVATE+KEY+log.example+01234567+AAAA'],
      /^CAMPAIGN_WF_LOG_KEY is not a key\. It begins with PRIVATE\+KEY\+\./,
    ],
    [
      'CAMPAIGN_WF_LOCALE',
      ['nl', 'EN', 'en-US', 'toString'],
      /^CAMPAIGN_WF_LOCALE is not a language this version has: en, fr, sv, pt-BR, it, es, or de\./,
    ],
    [
      'LOG_LEVEL',
      ['verbose', 'INFO', 'silent'],
      /^LOG_LEVEL is not one of fatal, error, warn, info, debug, or trace\./,
    ],
  ];
  const cases = wrong.flatMap(([name, values, line]) => values.map((value) => [name, value, line] as const));

  it.each(cases)('of %s, %j, is one line with the problem and where to find the value', (name, value, expected) => {
    const lines = linesWith({ [name]: value });
    expect(new Set(lines.map((line) => line.split(' ')[0]))).toEqual(new Set([name]));
    expect(lines).toContainEqual(expect.stringMatching(expected));
    const where = translator
      .translate(`where.${name as 'PORT'}`)
      .map((piece) => (piece.kind === 'text' ? piece.text : ''));
    for (const line of lines) expect(line.endsWith(` ${where.join('')}`)).toBe(true);
  });

  it.each([
    ['https://slack.com/api/'],
    ['HTTPS://Slack.com:8443/a/b'],
    ['http://localhost:1'],
    ['http://127.0.0.1:1/x'],
    ['http://127.1'],
    ['http://[::1]:1'],
    ['http://[0:0:0:0:0:0:0:1]/'],
  ])('is not the address %s, to which a path can be appended', (address) => {
    const { apiUrl } = settingsWith({ SLACK_API_URL: address }).slack;
    expect(apiUrl).toBe(`${new URL(address).href.replace(/\/$/, '')}/`);
  });

  it.each(['C00', 'CAB', 'G01234567890ABCDEFGHIJ', 'D12'])('is not the ID %s: Slack promises no length', (id) => {
    const [rule] = settingsWith({ CAMPAIGN_WF_CHANNELS: id }).configuration.policy.rules;
    expect(rule?.channels).toEqual(new Set([id]));
  });

  it('in a list is named by its position, each in a line', () => {
    const lines = linesWith({ CAMPAIGN_WF_CHANNELS: 'C0OPS, general, C0MKT, #help' });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('entry number 2. IDs begin with C, G, or D and have a comma between them.');
    expect(lines[1]).toContain('entry number 4.');
  });

  it.each([
    ['1s', 1_000],
    ['24h', 86_400_000],
    ['1.5 hours', 5_400_000],
    ['1.0004s', 1_000],
  ])('is not the duration %s: that is a whole number of milliseconds', (text, ms) => {
    const { rules } = settingsWith({ CAMPAIGN_WF_CONFIRM_WITHIN: text }).configuration.policy;
    expect(rules.flatMap(({ approval }) => approval?.withinMs ?? [])).toEqual([ms]);
  });
});

describe('many invalid values', () => {
  it('are all reported, a line each, in the order of .env.example', () => {
    const lines = linesOf({
      SLACK_BOT_TOKEN: 'xoxp-1',
      CAMPAIGN_ORGANIZATION: 'Acme',
      CAMPAIGN_SCOPES: 'openid',
      CAMPAIGN_WF_USERS: 'alice',
      PORT: 'http',
      DATABASE_URL: 'mysql://db',
    });
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
      'CAMPAIGN_ORGANIZATION',
      'CAMPAIGN_CLIENT_ID',
      'CAMPAIGN_CLIENT_SECRET',
      'CAMPAIGN_WF_USERS',
      'DATABASE_URL',
      'PORT',
    ]);
    for (const line of lines) expect(line).not.toMatch(/[\r\n]/);
  });
});
