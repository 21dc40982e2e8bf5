import { describe, expect, it } from '@jest/globals';
import { secretValues } from '../../src/settings/secret-names.ts';
import { configurationOf, problemsWith, twoEnvironments, warningsWith } from './with-file.ts';

const file = `${twoEnvironments}access: [{ name: a, channels: [C0OPS], people: { groups: [S0OPS] }, commands: [start] }]\n`;
const plain = {
  CAMPAIGN_CLIENT_ID: 'plain-id',
  CAMPAIGN_CLIENT_SECRET: 'plain-secret',
  CAMPAIGN_SCOPES: 'plain-scopes',
};
const none = { CAMPAIGN_CLIENT_ID: '', CAMPAIGN_CLIENT_SECRET: '', CAMPAIGN_SCOPES: '' };
const own = (name: string) => ({
  [`CAMPAIGN_${name}_CLIENT_ID`]: `${name}-id`,
  [`CAMPAIGN_${name}_CLIENT_SECRET`]: `${name}-secret`,
  [`CAMPAIGN_${name}_SCOPES`]: `${name}-scopes`,
});
const ims = (name: string) => ({
  clientId: `${name}-id`,
  credentials: { kind: 'ims', clientSecret: `${name}-secret`, scopes: `${name}-scopes` },
});
const where = 'Find it at developer.adobe.com/console, your project, OAuth Server-to-Server.';

describe('an environment', () => {
  it('without variables of its own uses the general ones', () => {
    expect(configurationOf(file, plain).environments).toMatchObject([ims('plain'), ims('plain')]);
  });

  it('with variables of its own uses them, and the others use the general ones', () => {
    expect(configurationOf(file, { ...plain, ...own('STAGE') }).environments).toMatchObject([
      ims('plain'),
      ims('STAGE'),
    ]);
  });

  it('may have a token of its own, without anything of the general set', () => {
    const env = { ...plain, CAMPAIGN_STAGE_CLIENT_ID: 'STAGE-id', CAMPAIGN_STAGE_ACCESS_TOKEN: 'eyJ' };
    const credentials = { kind: 'fixed', accessToken: 'eyJ' };
    expect(configurationOf(file, env).environments).toMatchObject([
      ims('plain'),
      { clientId: 'STAGE-id', credentials },
    ]);
  });

  it('prefers IMS credentials to a token', () => {
    const env = { ...plain, ...own('STAGE'), CAMPAIGN_STAGE_ACCESS_TOKEN: 'eyJ' };
    expect(configurationOf(file, env).environments[1]).toMatchObject(ims('STAGE'));
  });

  it('with a hyphen in its name has variables with an underscore instead', () => {
    const text = 'environments: { eu-live: { organization: acme } }\n';
    expect(configurationOf(text, { ...none, ...own('EU_LIVE') }).environments).toMatchObject([ims('EU_LIVE')]);
  });

  it('defined by the variables alone may have its own, too', () => {
    const env = { ...none, CAMPAIGN_ORGANIZATION: 'acme', ...own('ACME') };
    expect(configurationOf('locale: en\n', env).environments).toMatchObject([ims('ACME')]);
  });
});

describe('the general variables', () => {
  it('are required while an environment has none of its own', () => {
    expect(problemsWith(file, { ...none, ...own('STAGE') })).toEqual([
      `CAMPAIGN_CLIENT_ID is missing. ${where}`,
      expect.stringMatching(
        /^CAMPAIGN_CLIENT_SECRET is missing: it is needed together with CAMPAIGN_SCOPES, or else CAMPAIGN_ACCESS_TOKEN is\./,
      ),
    ]);
  });

  it('are not required where each has its own', () => {
    expect(configurationOf(file, { ...none, ...own('PROD'), ...own('STAGE') }).environments).toMatchObject([
      ims('PROD'),
      ims('STAGE'),
    ]);
  });

  it('are not required where the environments are unknown', () => {
    expect(problemsWith('environments: [', none)).toHaveLength(1);
  });
});

describe('an incomplete set', () => {
  const [id, secret, scopes] = [
    'CAMPAIGN_STAGE_CLIENT_ID',
    'CAMPAIGN_STAGE_CLIENT_SECRET',
    'CAMPAIGN_STAGE_SCOPES',
  ] as const;
  const partOf = 'is missing: what opens an environment counts as a set, and a part of this one is set.';
  const together = `is missing: ${secret} and ${scopes} belong together, and only one of them is set.`;
  const neither = `is missing: it is needed together with ${scopes}, or else CAMPAIGN_STAGE_ACCESS_TOKEN is.`;

  it.each([
    [{ [id]: 'x' }, [`${secret} ${neither}`]],
    [{ [secret]: 'x' }, [`${id} ${partOf}`, `${scopes} ${together}`]],
    [{ [scopes]: 'x' }, [`${id} ${partOf}`, `${secret} ${together}`]],
    [{ [id]: 'x', [secret]: 'x' }, [`${scopes} ${together}`]],
    [{ [id]: 'x', [scopes]: 'x' }, [`${secret} ${together}`]],
    [{ [secret]: 'x', [scopes]: 'x' }, [`${id} ${partOf}`]],
    [{ CAMPAIGN_STAGE_ACCESS_TOKEN: 'x' }, [`${id} ${partOf}`]],
  ])('is a problem that names what is missing, also where the general set is complete: %j', (env, expected) => {
    const lines = problemsWith(file, { ...plain, ...env });
    expect(lines.map((line) => line.replace(/ Find (?:it|them) at developer\.adobe\.com.*$/, ''))).toEqual(expected);
    for (const line of lines) expect(line).toContain(' at developer.adobe.com/console');
  });
});

it.each(['CAMPAIGN_STAGE_CLIENT_ID', 'CAMPAIGN_STAGE_ACCESS_TOKEN', 'CAMPAIGN_CLIENT_ID', 'CAMPAIGN_ACCESS_TOKEN'])(
  '%s must be valid in a header, which is reported once',
  (name) => {
    expect(problemsWith(file, { ...plain, ...own('STAGE'), [name]: 'a b' })).toEqual([
      expect.stringMatching(`^${name} has characters that no token or key has: .* developer\\.adobe\\.com`),
    ]);
  },
);

describe('variables of an unknown environment', () => {
  it('are a warning, with the nearest name: a reload may have removed it', () => {
    const env = { ...plain, CAMPAIGN_STGE_CLIENT_ID: 'x', CAMPAIGN_LIVE_IN_EU_SCOPES: 'x' };
    expect(warningsWith(file, env)).toEqual([
      'CAMPAIGN_STGE_CLIENT_ID is for no environment: did you mean CAMPAIGN_STAGE_CLIENT_ID?',
      'CAMPAIGN_LIVE_IN_EU_SCOPES looks like a variable of a single environment, and there is none of that name.',
    ]);
    expect(configurationOf(file, env)).toEqual(configurationOf(file, plain));
  });

  it('are not variables with another meaning', () => {
    const env = {
      ...plain,
      ...own('STAGE'),
      CAMPAIGN_ACCESS_TOKEN: 'x',
      CAMPAIGN_STAGE_URL: 'x',
      CAMPAIGN_X_SCOPES: ' ',
    };
    expect(warningsWith(file, env)).toEqual([]);
  });
});

it('the log knows every secret from the start, also of environments that are added later', () => {
  const env = { ...plain, ...own('STAGE'), CAMPAIGN_LATER_ON_ACCESS_TOKEN: ' eyJ\n', CAMPAIGN_ACCESS_TOKEN: undefined };
  expect(secretValues(env)).toEqual(expect.arrayContaining(['plain-secret', 'STAGE-secret', 'eyJ']));
});
