import { describe, expect, it } from '@jest/globals';
import { commentsIn } from '../../src/settings/dotenv-text.ts';
import { rightEnvironment } from './right-environment.ts';
import { start } from './started-process.ts';

const dotenv = (changes: Record<string, string>) =>
  Object.entries({ ...rightEnvironment, ...changes })
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');

describe('a # in a .env', () => {
  it.each([
    ['A=abc#def', 'cut'],
    ['A = abc#', 'cut'],
    ['A=#ops', 'empty'],
    ['A= #ops', 'empty'],
    ['export A=C0OPS,#ops', 'cut'],
  ])('that is hardly meant as a comment is told: %s', (line, kind) => {
    expect(commentsIn(`X=1\r\n${line}\r\n`)).toEqual([{ name: 'A', line: 2, kind }]);
  });

  it.each(['A=abc # def', 'A="abc#def"', "A='#ops'", 'A= # ops', '# A=abc#def', 'A=abc', 'A="x\nB=c#d\n"'])(
    'that is one, or stands in quotes, is not: %j',
    (text) => {
      expect(commentsIn(text)).toEqual([]);
    },
  );
});

describe('the program', () => {
  it.concurrent('says what was probably meant by variables, beside what is wrong', async () => {
    const { exit, stderr } = await start(
      { PORT: 'x', SLACK_API_URL: '"https://slack.com/api/"', OTHER_URL: 'a', CAMPAIGN_NAME: 'a' },
      {
        '.env': dotenv({
          CAMPAIGN_WF_CHANNEL: 'C0OPS',
          CAMPAIGN_ACME_CLIENT_SECRT: 'a',
          SLACK_BOT_TOKE: 'a',
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
      'CAMPAIGN_WF_CHANNEL is not known: did you mean CAMPAIGN_WF_CHANNELS?',
      'SLACK_API_URL was set with quotes around it. They were taken off; remove them where it is set.',
      'SLACK_BOT_TOKE is not known: did you mean SLACK_BOT_TOKEN?',
    ]);
  });

  it.concurrent('says alone that .env is no UTF-8', async () => {
    const { exit, stderr } = await start({}, { '.env': `\0${dotenv({})}` });
    expect(exit).toBe(2);
    expect(stderr.trimEnd().split('\n').slice(1)).toEqual(['.env is not UTF-8 text. Mend or remove it.']);
  });
});
