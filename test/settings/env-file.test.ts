import { describe, expect, it } from '@jest/globals';
import { commentsIn } from '../../src/command-line.ts';
import { start } from './started-process.ts';
import { validVariables } from './valid-variables.ts';

const dotenv = (changes: Record<string, string>) =>
  Object.entries({ ...validVariables, ...changes })
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');

describe('a # in a .env', () => {
  it.each([
    ['A=abc#def', 'cut'],
    ['A = abc#', 'cut'],
    ['A=#ops', 'empty'],
    ['A= #ops', 'empty'],
    ['export A=C0OPS,#ops', 'cut'],
  ])('that is probably not meant as a comment is reported: %s', (line, kind) => {
    expect(commentsIn(`X=1\r\n${line}\r\n`)).toEqual([{ name: 'A', line: 2, kind }]);
  });

  it.each(['A=abc # def', 'A="abc#def"', "A='#ops'", 'A= # ops', '# A=abc#def', 'A=abc', 'A="x\nB=c#d\n"'])(
    'that is a comment, or is in quotes, is not reported: %j',
    (text) => {
      expect(commentsIn(text)).toEqual([]);
    },
  );
});

describe('the program', () => {
  it.concurrent('suggests names for unknown variables, beside the problems', async () => {
    const { exit, stderr } = await start(
      { PORT: 'x', SLACK_API_URL: '"https://slack.com/api/"', OTHER_URL: 'a', CAMPAIGN_NAME: 'a' },
      {
        '.env': dotenv({
          CAMPAIGN_WF_CHANNEL: 'C0OPS',
          CAMPAIGN_ACME_CLIENT_SECRT: 'a',
          SLACK_BOT_TOKE: 'a',
          CAMPAIGN_ORG: 'acme',
          SLACK_WEBHOOK_URL: 'a',
          A: 'b#c',
        }),
      },
    );
    expect(exit).toBe(2);
    const [, port, ...rest] = stderr.trimEnd().split('\n');
    expect(port).toContain('PORT is not a port');
    expect(rest.sort()).toEqual([
      expect.stringMatching(/^\.env:\d+: A ends before the #/),
      'CAMPAIGN_ACME_CLIENT_SECRT is not known: did you mean CAMPAIGN_ACME_CLIENT_SECRET?',
      'CAMPAIGN_ORG is not known: did you mean CAMPAIGN_ORGANIZATION?',
      'CAMPAIGN_WF_CHANNEL is not known: did you mean CAMPAIGN_WF_CHANNELS?',
      'SLACK_API_URL was set with quotes around it. They were taken off; remove them where it is set.',
      'SLACK_BOT_TOKE is not known: did you mean SLACK_BOT_TOKEN?',
    ]);
  });

  it.concurrent('removes quotes around a proxy, in upper and lower case', async () => {
    const proxies = { https_proxy: '"http://proxy:3128"', NO_PROXY: '"127.0.0.1"' };
    const { stderr } = await start({ PORT: 'x', ...proxies }, { '.env': dotenv({}) });
    expect(stderr.trimEnd().split('\n').slice(2).sort()).toEqual([
      'NO_PROXY was set with quotes around it. They were taken off; remove them where it is set.',
      'https_proxy was set with quotes around it. They were taken off; remove them where it is set.',
    ]);
  });

  it.concurrent('prefers a proxy of the process to that of .env, in upper and lower case', async () => {
    const { exit, stderr } = await start(
      { HTTPS_PROXY: 'nonsense' },
      { '.env': dotenv({ https_proxy: 'http://a:1' }) },
    );
    expect(exit).toBe(2);
    expect(stderr).toContain('HTTPS_PROXY is not the address of a proxy');
  });

  const utf16 = Buffer.from(dotenv({}), 'utf16le');
  const mark = Buffer.from([0xff, 0xfe]);

  it.concurrent.each([
    ['UTF-16 with a byte-order mark, as Notepad writes it', Buffer.concat([mark, utf16]), 'is not UTF-8 text'],
    ['UTF-16 without a byte-order mark', utf16, 'is not UTF-8 text'],
    ['UTF-16 big-endian', Buffer.from(utf16).swap16(), 'is not UTF-8 text'],
    ['Latin-1', Buffer.from(`A=caf\u00e9\n${dotenv({})}`, 'latin1'), 'is not UTF-8 text'],
    ['a folder', null, 'is no ordinary file'],
  ])('reports only that .env is %s', async (_, content, what) => {
    const { exit, stderr } = await start({}, { '.env': content });
    expect(exit).toBe(2);
    expect(stderr.trimEnd().split('\n').slice(1)).toEqual([expect.stringMatching(`^\\.env ${what}`)]);
  });

  it.concurrent('accepts a .env in UTF-8 with a byte-order mark', async () => {
    const { stderr } = await start({ PORT: 'x' }, { '.env': `\ufeff${dotenv({})}` });
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });

  it.concurrent('reports a .env in another folder, beside missing variables', async () => {
    const files = { 'conf/campaign-wf.yml': 'locale: en\n', 'conf/.env': dotenv({}) };
    const { exit, stderr } = await start({ CAMPAIGN_WF_CONFIG: 'conf/campaign-wf.yml' }, files);
    expect(exit).toBe(2);
    expect(stderr).toContain('SLACK_BOT_TOKEN is missing');
    expect(stderr).toMatch(/conf\/\.env .*is not read/);
    const here = await start({ CAMPAIGN_WF_CONFIG: 'conf/campaign-wf.yml' }, { ...files, '.env': 'PORT=x\n' });
    expect(here.stderr).not.toContain('conf/.env');
  });
});
