import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { translatorFor } from '../../src/locales/translator.ts';
import { readSecretFiles, secretFileProblems, withUnreadSecrets } from '../../src/secret-files.ts';
import { warningLine } from '../../src/settings/problem.ts';
import { readSettings } from '../../src/settings/read-settings.ts';
import { secretNames, secretValues } from '../../src/settings/secret-names.ts';
import { start } from './started-process.ts';
import { validVariables } from './valid-variables.ts';

const folder = mkdtempSync(join(tmpdir(), 'campaign-wf-'));
afterAll(() => rmSync(folder, { recursive: true }));
const english = translatorFor('en');

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function problemsOf(variables: Record<string, string>): readonly string[] {
  return secretFileProblems(readSecretFiles(variables).unread, english).map(warningLine);
}

describe('a secret as a file', () => {
  it.each([...secretNames, 'CAMPAIGN_STAGE_CLIENT_SECRET', 'CAMPAIGN_LIVE_EU_ACCESS_TOKEN'])(
    '%s is read, and the variable with the path is gone',
    (name) => {
      const { variables, unread } = readSecretFiles({ [`${name}_FILE`]: file('secret', 'the-secret\n') });
      expect({ variables, unread }).toEqual({ variables: { [name]: 'the-secret' }, unread: [] });
    },
  );

  it.each([
    ['one\n', 'one'],
    ['one\r\n', 'one'],
    ['one', 'one'],
    ['\u{feff}one\n', 'one'],
    ['two words\n', 'two words'],
    [' one \n', ' one '],
  ])('loses one line break at its end, and nothing else: %j', (content, value) => {
    const { variables } = readSecretFiles({ SLACK_SIGNING_SECRET_FILE: file('secret', content) });
    expect(variables.SLACK_SIGNING_SECRET).toBe(value);
  });

  it('is read through links, as Kubernetes mounts it', () => {
    mkdirSync(join(folder, '..2026_11_30'));
    writeFileSync(join(folder, '..2026_11_30', 'token'), 'xoxb-linked');
    symlinkSync('..2026_11_30', join(folder, '..data'));
    symlinkSync('..data/token', join(folder, 'token'));
    const { variables } = readSecretFiles({ SLACK_BOT_TOKEN_FILE: join(folder, 'token') });
    expect(variables.SLACK_BOT_TOKEN).toBe('xoxb-linked');
  });

  it('is a secret for the log', () => {
    const { variables } = readSecretFiles({
      SLACK_BOT_TOKEN_FILE: file('a', 'xoxb-a\n'),
      CAMPAIGN_STAGE_CLIENT_SECRET_FILE: file('b', 'secret-b\n'),
      CAMPAIGN_WF_LOG_KEY_FILE: file('c', 'PRIVATE+KEY+c\n'),
      CAMPAIGN_CLIENT_ID: 'an-id',
    });
    expect(secretValues(variables).toSorted()).toEqual(['PRIVATE+KEY+c', 'secret-b', 'xoxb-a']);
  });

  it('leaves other variables with that ending alone', () => {
    const others = { CAMPAIGN_WF_WITNESS_FILE: '/var/log/witness.jsonl', SSL_CERT_FILE: '/etc/ca.pem', HOME_FILE: 'x' };
    expect(readSecretFiles(others)).toEqual({ variables: others, unread: [] });
  });
});

describe('a secret file that cannot be used is named with its variable, and never its content', () => {
  const content = 'p8e-do-not-show';
  it.each([
    ['that does not exist', () => join(folder, 'nowhere')],
    ['that does not exist', () => join(file('plain', content), 'below')],
    ['that is no ordinary file', () => folder],
    ['that is empty', () => file('empty', '')],
    ['that is empty', () => file('blank', ' \n\n')],
    ['with several lines', () => file('env', `SLACK_BOT_TOKEN=${content}\nPORT=1\n`)],
    ['larger than 16 KB', () => file('large', content.repeat(2_000))],
    ['that is not UTF-8 text', () => file('latin', Uint8Array.of(0xff, 0xfe, 0x41, 0))],
  ])('%s', (why, path) => {
    const lines = problemsOf({ CAMPAIGN_CLIENT_SECRET_FILE: path() });
    expect(lines).toEqual([
      `CAMPAIGN_CLIENT_SECRET_FILE names a file ${why}. It must contain the secret, and nothing else.`,
    ]);
  });

  it('a device without an end is not read', () => {
    expect(problemsOf({ SLACK_BOT_TOKEN_FILE: '/dev/zero' })).toEqual([expect.stringContaining('no ordinary file')]);
  });

  it('both forms at once are an error, whichever is right', () => {
    const env = { SLACK_BOT_TOKEN: 'xoxb-a', SLACK_BOT_TOKEN_FILE: file('same', 'xoxb-a') };
    expect(problemsOf(env)).toEqual(['SLACK_BOT_TOKEN_FILE is set, and SLACK_BOT_TOKEN too. Keep one of them.']);
  });

  it.each([...secretNames])('%s is not reported as missing as well', (name) => {
    const { SLACK_APP_TOKEN: _, ...others } = validVariables;
    const valid = { ...others, SLACK_SIGNING_SECRET: 'a-secret' };
    const { [name as keyof typeof valid]: __, ...env } = valid;
    const { variables, unread } = readSecretFiles({ ...env, [`${name}_FILE`]: '/nowhere' });
    const read = readSettings(variables, english, null);
    const problems = withUnreadSecrets(read.ok ? [] : read.problems, unread, english);
    expect(problems.map((problem) => 'name' in problem && problem.name)).toEqual([`${name}_FILE`]);
  });
});

it('only secrets are read from files: another setting as a file is named, and so is a misspelled one', () => {
  const env = {
    ...validVariables,
    CAMPAIGN_CLIENT_ID_FILE: 'a',
    CAMPAIGN_WF_CONFIG_FILE: 'a',
    SLACK_BOT_TOKN_FILE: 'a',
  };
  const read = readSettings(env, english, null);
  const lines = (read.ok ? read.warnings : []).map(warningLine).filter((line) => line.includes('_FILE'));
  expect(lines).toEqual([
    'CAMPAIGN_CLIENT_ID_FILE is not read: only secrets can be given as files. Set CAMPAIGN_CLIENT_ID instead.',
    'CAMPAIGN_WF_CONFIG_FILE is not read: only secrets can be given as files. Set CAMPAIGN_WF_CONFIG instead.',
    'SLACK_BOT_TOKN_FILE is not known: did you mean SLACK_BOT_TOKEN_FILE?',
  ]);
});

describe('the program', () => {
  const { SLACK_BOT_TOKEN: _, CAMPAIGN_CLIENT_SECRET: __, ...others } = validVariables;

  it.concurrent('reads secrets from files of its .env, relative to its folder, and names every problem at once', async () => {
    const { exit, stderr } = await start(
      { ...others, PORT: 'x', SLACK_BOT_TOKEN_FILE: 'secrets/bot' },
      {
        '.env': 'CAMPAIGN_CLIENT_SECRET_FILE=secrets/none\nDATABASE_URL_FILE=secrets/database\n',
        'secrets/bot': 'not-a-token\n',
        'secrets/database': 'postgres://user:pa/ss@host/x\n',
      },
    );
    expect(exit).toBe(2);
    const [, ...lines] = stderr.trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ', 1)[0])).toEqual([
      'CAMPAIGN_CLIENT_SECRET_FILE',
      'SLACK_BOT_TOKEN',
      'DATABASE_URL',
      'PORT',
    ]);
    expect(stderr).not.toMatch(/not-a-token|pa\/ss/);
  });

  it.concurrent('does not start with an optional secret that cannot be read', async () => {
    const env = { ...validVariables, CAMPAIGN_WF_LOG_KEY_FILE: 'key', CAMPAIGN_WF_LOCALE: 'sv' };
    const { exit, stderr } = await start(env, { key: null });
    expect(exit).toBe(2);
    expect(stderr).toContain('CAMPAIGN_WF_LOG_KEY_FILE anger en fil som inte är en vanlig fil.');
  });
});
