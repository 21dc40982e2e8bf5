import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { alice, bob, type Conversation, conversation, ops, shownText } from './people.ts';

const rules = [
  { workflow: 'EMPTY1', groups: ['S0EMPTY'] },
  { workflow: 'OWN1', groups: ['S0OPS'] },
  { workflow: 'GONE1', groups: ['S0FORMER'] },
  { workflow: 'GUEST1', groups: ['S0GUESTS'] },
  { workflow: 'DISABLED1', groups: ['S0DISABLED'] },
  { workflow: 'TYPO1', groups: ['S0TYPO'] },
  { workflow: 'USERS1', users: ['U0GINA', 'U0GONE'] },
  { workflow: 'TWO1', groups: ['S0PAIR'], count: 2 },
  { workflow: 'BOTH1', users: ['U0GINA', 'U0BOB'], groups: ['S0EMPTY'] },
  { workflow: 'PAIR1', groups: ['S0PAIR'] },
  { workflow: 'MANY1', groups: ['S0MANY'] },
] as const;

type Rule = {
  readonly workflow: string;
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
  readonly count?: number;
};

function ruleOf({ workflow, users = [], groups = [], count = 1 }: Rule): string {
  return `
  - name: Rule of ${workflow}
    channels: [${ops}]
    people: { users: [${alice}] }
    workflows: ["${workflow}"]
    commands: [start, stop]
    approval: { from: { users: [${users}], groups: [${groups}] }, count: ${count}, requester_may_approve: false }`;
}

const configuration = `
environments:
  prod: { organization: acme }
access:${rules.map(ruleOf).join('')}
  - name: Freezes
    channels: [${ops}]
    people: { users: [${alice}] }
    commands: [freeze, unfreeze, history, access]
    approval: { from: { groups: [S0EMPTY] } }
`;

const groups = [
  { id: 'S0EMPTY', users: [] },
  { id: 'S0FORMER', users: ['U0GONE', 'U0ROBOT'] },
  { id: 'S0GUESTS', users: ['U0GINA'] },
  { id: 'S0DISABLED', users: [bob], isDisabled: true },
  { id: 'S0PAIR', users: [alice, bob] },
  { id: 'S0MANY', users: ['U0GINA', ...Array.from({ length: 11 }, (_, index) => `U0FORMER${index}`)] },
];

describe('a question that nobody can confirm', () => {
  let sandbox: Sandbox;
  let talk: Conversation;
  const announcements = () => sandbox.slack.workspace.messages.length;
  const questions = () =>
    sandbox.slack.workspace.messages.filter(({ metadata }) => metadata?.event_type === 'campaign_wf_request').length;
  beforeAll(async () => {
    sandbox = await startSandbox({ mode: 'http', configuration });
    talk = conversation(sandbox);
    sandbox.slack.workspace.groups.push(...groups.map((group) => ({ handle: group.id.toLowerCase(), ...group })));
    for (const { workflow } of rules) sandbox.campaign.addWorkflow(workflow);
  });
  afterAll(async () => {
    expect(sandbox.slack.workspace.mistakes).toEqual([]);
    await sandbox.close();
  });

  it.each([
    ['the group is empty', 'EMPTY1', 'nobody is in <!subteam^S0EMPTY>. Somebody who may confirm has to be added there'],
    ['the requester is its only member', 'OWN1', 'the only one in <!subteam^S0OPS> is you, who asked'],
    ['it has a deactivated account and a bot', 'GONE1', '<!subteam^S0FORMER> cannot, since guests, bots'],
    ['it has a guest', 'GUEST1', '<!subteam^S0GUESTS> cannot, since guests, bots'],
    ['it has a guest and eleven accounts that are gone', 'MANY1', '<!subteam^S0MANY> cannot, since guests, bots'],
    ['it is disabled', 'DISABLED1', 'nobody is in S0DISABLED.'],
    ['Slack has no such group', 'TYPO1', 'nobody is in S0TYPO.'],
    ['those named are a guest and a deactivated account', 'USERS1', '<@U0GINA> and <@U0GONE> cannot'],
    ['it takes two, and only one can', 'TWO1', `in <!subteam^S0PAIR> only <@${bob}> can give one`],
  ])('is refused at once where %s, and nothing is posted in the channel', async (_, workflow, words) => {
    const before = announcements();
    await talk.type(alice, `stop ${workflow}`);
    const { text } = await talk.privateReply(alice, words);
    expect(text).toContain('Refused. Nothing was sent.');
    expect(text).toContain(`the rule “Rule of ${workflow}”`);
    expect(announcements()).toBe(before);
    expect(talk.sent(workflow)).toEqual([]);
  });

  it('is refused for a freeze as well, which is reported as not in force', async () => {
    await talk.type(alice, 'freeze prod 2h wrong audience');
    expect((await talk.privateReply(alice, 'the rule “Freezes”')).text).toContain('This freeze is not in force.');
  });

  it('is refused from the form as well', async () => {
    const { slack } = sandbox;
    const before = [announcements(), slack.workspace.privateReplies.length] as const;
    await talk.type(alice, '');
    await talk.privateReply(alice, 'What you may do here');
    await slack.pressPrivate({ user: alice, channel: ops, actionId: 'new_request' });
    const form = await slack.waitFor(({ views }) => views.find(({ user }) => user === alice));
    await slack.suggest({ user: alice, viewId: form.id, actionId: 'workflow', query: 'OWN1' });
    const values = { workflow: { workflow: 'id OWN1' }, command: { command: 'start' } };
    await slack.submit({ user: alice, viewId: form.id, values });
    await slack.waitFor(({ privateReplies }) =>
      privateReplies.slice(before[1]).find(({ text }) => text.includes('is you, who asked')),
    );
    expect(announcements()).toBe(before[0]);
  });

  it('is in the history, with its requester', async () => {
    await talk.type(alice, 'history');
    await talk.privateReply(alice, `the only one in <!subteam^S0OPS> is <@${alice}>, who asked`);
  });

  const questionOf = async (workflow: string): Promise<Message> => {
    await talk.type(alice, `stop ${workflow}`);
    return talk.announced(workflow, 'awaiting_approval');
  };

  it('is asked only of those who can: no empty group, no guest, and not the requester as a member of a group', async () => {
    const both = await questionOf('BOTH1');
    expect(shownText(both)).toContain(`<@${bob}>`);
    expect(both.text).not.toMatch(/U0GINA|S0EMPTY/);
    const pair = await questionOf('PAIR1');
    expect(shownText(pair)).toContain(`<!subteam^S0PAIR> (except <@${alice}>)`);
    for (const [question, workflow] of [
      [both, 'BOTH1'],
      [pair, 'PAIR1'],
    ] as const) {
      await talk.press(bob, question, 'approve');
      await talk.outcome(await talk.announced(workflow, 'accepted'));
      expect(talk.sent(workflow)).toEqual(['{"method":"stop"}']);
    }
  });

  it.each(['missing_scope', 'plan_upgrade_required', 'permission_denied'])(
    'is refused at once where Slack refuses to return the group’s members: %s',
    async (error) => {
      await sandbox.restart('SIGTERM');
      sandbox.slack.fail('usergroups.users.list', { kind: 'error', error });
      const before = [questions(), sandbox.slack.workspace.privateReplies.length] as const;
      await talk.type(alice, 'stop PAIR1');
      await sandbox.slack.waitFor(({ privateReplies }) =>
        privateReplies.slice(before[1]).find(({ text }) => text.includes('who is in the user group S0PAIR')),
      );
      expect(questions()).toBe(before[0]);
      sandbox.slack.clearFaults();
    },
  );

  it('is not asked where a look-up a moment later shows an empty group', async () => {
    await sandbox.restart('SIGTERM');
    const before = [questions(), sandbox.slack.workspace.privateReplies.length] as const;
    const limit = { kind: 'rate_limited', retryAfterSeconds: 1 } as const;
    sandbox.slack.fail('usergroups.users.list', limit, { times: groups.length + 4 });
    await sandbox.slack.command({ user: alice, channel: ops, text: 'stop EMPTY1' });
    sandbox.slack.clearFaults();
    await sandbox.slack.waitFor(({ privateReplies }) =>
      privateReplies.slice(before[1]).find(({ text }) => text.includes('nobody is in <!subteam^S0EMPTY>')),
    );
    expect(questions()).toBe(before[0]);
  });

  it('is asked where the look-up of the group’s members fails', async () => {
    await sandbox.restart('SIGTERM');
    sandbox.slack.fail('usergroups.users.list', { kind: 'http', status: 503 });
    const question = await questionOf('EMPTY1');
    expect(shownText(question)).toContain('Decide by');
    expect(shownText(question)).toContain('<!subteam^S0EMPTY>');
  });
});
