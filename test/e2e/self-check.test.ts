import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { alice, type Conversation, inSandbox } from './people.ts';

type Finding = { readonly name: string; readonly [more: string]: unknown };

const on = { CAMPAIGN_WF_SELF_CHECK: 'on' };

const rules = (channels: string, more = '') => `environments: { prod: { organization: acme } }
workflows:
  nightly: { id: WKF110, environment: prod }
${more}access:
  - name: Operators
    channels: [${channels}]
    people: { users: [U0ALICE] }
    commands: [start, pause, status]
`;

/** What /readyz names once it is what is expected. The page stays 200. */
async function findings({ sandbox }: Conversation, isExpected: (found: readonly Finding[]) => boolean) {
  for (;;) {
    const answer = await fetch(`${sandbox.bot().url}/readyz`);
    expect(answer.status).toBe(200);
    const { findings: found } = (await answer.json()) as { findings: readonly Finding[] };
    if (isExpected(found)) return found;
    await wait(20);
  }
}

const names = (found: readonly Finding[]) => found.map(({ name }) => name).toSorted();

/** That many lines with this message. */
async function logged({ sandbox }: Conversation, message: string, count: number) {
  const lines = () => sandbox.bot().log.filter((line) => line.includes(message));
  while (lines().length < count) await wait(20);
  return lines().map((line) => JSON.parse(line) as { finding: string; what?: string; level: number });
}

it('a bot that is ready says what is wrong in Slack and at Adobe, and takes it back once it is mended', async () => {
  const configuration = rules('C0OPS, C0NOBOT, C0NONE', '  gone: { id: WKF999, environment: prod }\n');
  await inSandbox({ mode: 'http', configuration, env: on }, async (talk) => {
    const { sandbox, slack } = talk;
    const wrong = ['alias_unknown', 'channel_hidden', 'channel_without_bot'];
    const found = await findings(talk, (some) => some.length === wrong.length);
    expect(names(found)).toEqual(wrong);
    expect(found).toContainEqual(expect.objectContaining({ name: 'channel_without_bot', channel: 'C0NOBOT' }));
    const metrics = await (await fetch(`${sandbox.bot().url}/metrics`)).text();
    for (const name of wrong) expect(metrics).toContain(`\ncampaign_wf_findings{name="${name}"} 1\n`);
    const lines = await logged(talk, 'the self-check found something wrong', 3);
    expect(lines.map(({ finding }) => finding).toSorted()).toEqual(wrong);
    expect(lines.every(({ what = '', level }) => what !== '' && level === 40)).toBe(true);
    // Nothing was said or sent, and people are served.
    expect(slack.workspace.messages).toEqual([]);
    expect(sandbox.campaign.posts()).toEqual([]);

    await sandbox.reload(rules('C0OPS'));
    await findings(talk, (some) => some.length === 0);
    const gone = await logged(talk, 'the self-check no longer finds it', 3);
    expect(gone.map(({ finding }) => finding).toSorted()).toEqual(wrong);
    await talk.type(alice, 'pause WKF110');
    await talk.outcome(await talk.announced('WKF110', 'accepted'));
  });
});

it('a wrong Adobe client, a missing scope, a misspelt variable, and people and groups that cannot act', async () => {
  const env = {
    ...on,
    CAMPAIGN_CLIENT_SECRET: 'another-secret',
    CAMPAIGN_WF_USERS: 'U0GINA,S0NONE',
    CAMPAIGN_WF_CHANNELS: 'C0OPS',
    CAMPAIGN_WF_APROVERS: 'S0LEADS',
  };
  const scopes = ['commands', 'chat:write', 'users:read', 'channels:read', 'groups:read', 'usergroups:read'];
  await inSandbox({ mode: 'socket', env, scopes }, async (talk) => {
    const wrong = [
      'group_unknown',
      'organization_unusable',
      'person_barred',
      'scope_missing',
      'scope_missing',
      'setting_doubtful',
    ];
    const found = await findings(talk, (some) => some.length === wrong.length);
    expect(names(found)).toEqual(wrong);
    expect(found).toContainEqual(expect.objectContaining({ name: 'organization_unusable', reason: 'ims_refused' }));
    // The others are logged where they are noticed first.
    const lines = await logged(talk, 'the self-check found something wrong', 2);
    expect(lines.map(({ finding }) => finding).toSorted()).toEqual(['group_unknown', 'person_barred']);
    await talk.sandbox.bot().end('SIGTERM');
    expect(await talk.sandbox.bot().ended).toBe(0);
  });
});
