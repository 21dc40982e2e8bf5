import { describe, expect, it } from '@jest/globals';
import { translatorFor } from '../../src/locales/translator.ts';
import { problemLine } from '../../src/settings/problem.ts';
import { readSettings } from '../../src/settings/read-settings.ts';
import { validVariables } from './valid-variables.ts';
import { configurationOf, problemsWith, readWith, twoEnvironments } from './with-file.ts';

const second =
  'is set beside a configuration file, and there can be only one policy. Say it under access in the file, and remove it here.';

describe('the simple policy beside a file', () => {
  it.each([
    ['CAMPAIGN_WF_CHANNELS', 'C0OPS'],
    ['CAMPAIGN_WF_USERS', 'U0ALICE'],
    ['CAMPAIGN_WF_APPROVERS', 'S0LEADS'],
    ['CAMPAIGN_WF_CONFIRM_WITHIN', '5m'],
  ])('is a problem: %s', (name, value) => {
    expect(problemsWith(twoEnvironments, { [name]: value })).toEqual([`${name} ${second}`]);
    expect(problemsWith(twoEnvironments, { [name]: ' ' })).toEqual([]);
    // The file may leave the environment to the variables, but not the policy.
    expect(problemsWith('locale: en\n', { CAMPAIGN_ORGANIZATION: 'acme', [name]: value })).toEqual([
      `${name} ${second}`,
    ]);
  });

  it('is reported with all other problems of variables and file, the variables first', () => {
    const env = { CAMPAIGN_WF_USERS: 'U0ALICE', PORT: 'http', CAMPAIGN_STAGE_SCOPES: 'x' };
    const lines = problemsWith(`${twoEnvironments}guest: []\nacess: []\n`, env);
    expect(lines.map((line) => line.split(' ', 1)[0])).toEqual([
      'CAMPAIGN_WF_USERS',
      'PORT',
      'CAMPAIGN_STAGE_CLIENT_ID',
      'CAMPAIGN_STAGE_CLIENT_SECRET',
      'campaign-wf.yml:6:',
      'campaign-wf.yml:7:',
    ]);
  });
});

describe('CAMPAIGN_ORGANIZATION beside a file', () => {
  it('is a problem where the file names environments', () => {
    expect(problemsWith(twoEnvironments, { CAMPAIGN_ORGANIZATION: 'acme' })).toEqual([
      'CAMPAIGN_ORGANIZATION is set, and the configuration file names environments with organizations of their own. Remove it.',
    ]);
    const one = 'environments:\n  prod: { organization: acme }\n';
    expect(problemsWith(one, { CAMPAIGN_ORGANIZATION: 'acme' })).toHaveLength(1);
    expect(problemsWith(one)).toEqual([]);
  });

  it('is required where it does not', () => {
    expect(problemsWith('locale: en\n')).toEqual([
      expect.stringMatching(/^CAMPAIGN_ORGANIZATION is missing\. It is your tenant/),
    ]);
    expect(problemsWith('locale: en\n', { CAMPAIGN_ORGANIZATION: 'acme' })).toEqual([]);
  });
});

describe('the language', () => {
  it('may be set in either, or to the same value in both', () => {
    for (const env of [{}, { CAMPAIGN_WF_LOCALE: 'en' }]) {
      expect(problemsWith(`${twoEnvironments}locale: en\n`, env)).toEqual([]);
      expect(readWith(twoEnvironments, env)).toMatchObject({ settings: { locale: 'en' } });
    }
  });

  it('is a problem where they differ', () => {
    const lines = problemsWith(`${twoEnvironments}locale: en\n`, { CAMPAIGN_WF_LOCALE: 'fr' });
    expect(lines).toContain(
      'campaign-wf.yml:6: locale is another language than CAMPAIGN_WF_LOCALE has. Remove one of them.',
    );
  });
});

describe('a file that cannot be read', () => {
  const translator = translatorFor('en');

  it.each([
    ['ENOENT', 'is not there'],
    ['EISDIR', 'is no ordinary file'],
    ['EACCES', 'may not be read by campaign-wf'],
    ['EFBIG', 'is larger than 1 MB'],
    ['EILSEQ', 'is not UTF-8 text'],
    ['EIO', 'cannot be read (EIO)'],
  ])('is one clear problem: %s', (unreadable, text) => {
    const { CAMPAIGN_ORGANIZATION: _, CAMPAIGN_CLIENT_ID: __, ...env } = validVariables;
    const read = readSettings(env, translator, { path: 'a-secret-path.yml', isNamed: true, unreadable });
    expect(read.ok ? [] : read.problems.map((problem) => problemLine(problem, translator))).toEqual([
      `CAMPAIGN_WF_CONFIG names a file that ${text}. Leave it out for campaign-wf.yml in this folder, or for none.`,
    ]);
  });

  it.each([
    ['ENOENT', 'is gone, or a link to a file that is gone'],
    ['EISDIR', 'is no ordinary file'],
    ['EIO', 'cannot be read (EIO)'],
  ])('is a problem of that file where no variable names it: %s', (unreadable, text) => {
    const { CAMPAIGN_ORGANIZATION: _, ...env } = validVariables;
    const read = readSettings(env, translator, { path: 'campaign-wf.yml', isNamed: false, unreadable });
    expect(read.ok ? [] : read.problems.map((problem) => problemLine(problem, translator))).toEqual([
      `campaign-wf.yml ${text}. Mend that, or name another file in CAMPAIGN_WF_CONFIG.`,
    ]);
  });
});

it('a path with folders is reported as given', () => {
  const file = { path: '/etc/campaign-wf/rules.yml', text: 'guest: []\n' };
  expect(readSettings(validVariables, translatorFor('en'), file)).toMatchObject({
    problems: [{ file: '/etc/campaign-wf/rules.yml', line: 1 }],
  });
});

it('without a file, the variables define one environment with its policy', () => {
  const read = readSettings(validVariables, translatorFor('en'), null);
  expect(read).toMatchObject({ ok: true, settings: { configuration: { environments: [{ name: 'acme' }] } } });
  expect(configurationOf('locale: en\n', validVariables).policy.rules).toEqual([]);
});
