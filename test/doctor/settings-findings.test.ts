import { expect, it } from '@jest/globals';
import { examine, inWorld, ruleFile } from './examine.ts';

const without = (env: Readonly<Record<string, string>>, ...names: string[]) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));

it('names each wrong setting, and still checks everything else', async () => {
  await inWorld({}, async ({ env }) => {
    const { exit, named, findings } = await examine({ ...env, PORT: 'http', LOG_LEVEL: 'loud' });
    expect(exit).toBe(1);
    expect(named('setting_wrong').map(({ message }) => message.split(' ')[0])).toEqual(['PORT', 'LOG_LEVEL']);
    expect(named('not_checked')).toMatchObject([{ area: 'port', because: 'settings' }]);
    const names = findings.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['slack_token_accepted', 'channel_ready', 'people_ready']));
    expect(names).toEqual(expect.arrayContaining(['token_issued', 'organization_answers', 'database_new']));
  });
});

it('checks Adobe without a token of Slack’s, and Slack without Adobe', async () => {
  await inWorld({}, async ({ env }) => {
    const noSlack = await examine(without(env, 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'));
    expect(noSlack.named('not_checked').map(({ area }) => area)).toEqual(['slack', 'channels', 'people', 'clock']);
    expect(noSlack.named('organization_answers')).toHaveLength(1);
    const noAdobe = await examine(without(env, 'CAMPAIGN_CLIENT_ID'));
    expect(noAdobe.named('not_checked').map(({ area }) => area)).toEqual([
      'channels',
      'people',
      'ims',
      'campaign',
      'clock',
    ]);
    expect(noAdobe.named('slack_token_accepted')).toHaveLength(1);
    expect([noSlack.exit, noAdobe.exit]).toEqual([1, 1]);
  });
});

it('says of no settings at all what is missing, and checks the machine', async () => {
  const { exit, named } = await examine({ DATABASE_URL: 'sqlite:/etc/hostname/none/ledger.sqlite' });
  expect(exit).toBe(1);
  expect(named('setting_wrong').length).toBeGreaterThan(3);
  expect(named('node_fits')).toHaveLength(1);
  expect(named('database_unusable')).toHaveLength(1);
});

it('names a mistake in the file with the rules by its line', async () => {
  await inWorld({}, async ({ rules }) => {
    const { exit, named } = await examine(rules(ruleFile().replace('commands', 'comands')));
    expect(exit).toBe(1);
    expect(named('setting_wrong')[0]?.message).toContain('campaign-wf.yml:7: ');
    expect(named('not_checked').map(({ area }) => area)).toEqual(['channels', 'people', 'ims', 'campaign', 'clock']);
  });
});

it('warns of what works and was probably not intended', async () => {
  await inWorld({}, async ({ env }) => {
    const { exit, named } = await examine({ ...env, CAMPAIGN_WF_APROVERS: 'U0BOB' }, { only: 'settings' });
    expect(named('setting_doubtful')).toMatchObject([{ level: 'warning', message: expect.stringMatching('APROVERS') }]);
    expect(exit).toBe(0);
  });
});
