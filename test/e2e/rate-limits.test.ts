import { expect, it } from '@jest/globals';
import { user } from '../../sandbox/slack/seed.ts';
import { alice, bob, dave, inSandbox, ops } from './people.ts';

const env = { CAMPAIGN_WF_USERS: `${alice},${dave}` };

it.each(['http', 'socket'] as const)(
  'a stop after 60 starts of somebody else is among the next five messages that Slack accepts, and so is its outcome (%s)',
  (mode) =>
    inSandbox({ mode, env }, async ({ type, announced, outcome, press, sent, sandbox, slack }) => {
      sandbox.campaign.addWorkflow('WKF700');
      slack.limitRates(true);
      const ids = Array.from({ length: 60 }, (_, index) => `WKF${500 + index}`);
      for (const id of ids) sandbox.campaign.addWorkflow(id, 'editing');
      for (let first = 0; first < ids.length; first += 10) {
        const some = ids.slice(first, first + 10);
        await Promise.all(some.map((id) => slack.command({ user: alice, channel: ops, text: `start ${id}` })));
      }
      const posted = () => slack.workspace.messages.length;
      await slack.waitFor(() => posted() > 5);
      const before = posted();
      await type(dave, 'stop WKF700');
      const question = await announced('WKF700', 'awaiting_approval');
      expect(slack.workspace.messages.slice(before, before + 5)).toContain(question);
      const beforePress = posted();
      await press(bob, question, 'approve');
      const reply = await outcome(question);
      expect(slack.workspace.messages.slice(beforePress, beforePress + 5)).toContain(reply);
      expect(reply.text).toContain('Campaign accepted the stop');
      expect(sent('WKF700')).toHaveLength(1);
    }),
);

it.each(['http', 'socket'] as const)(
  'a stop of somebody whom the bot does not know yet, and its confirmation, while Slack limits all single look-ups: the lists answer them (%s)',
  (mode) =>
    inSandbox({ mode, env }, async ({ type, announced, outcome, press, sent, slack }) => {
      const germanDave = slack.workspace.users.find(({ id }) => id === dave);
      if (germanDave) germanDave.locale = 'de-DE';
      for (const method of ['users.info', 'conversations.info'])
        slack.fail(method, { kind: 'rate_limited', retryAfterSeconds: 600 });
      expect(await type(dave, 'stop WKF110')).toContain('Angefragt: ');
      const question = await announced('WKF110', 'awaiting_approval');
      await press(bob, question, 'approve');
      await outcome(await announced('WKF110', 'accepted'));
      expect(sent('WKF110')).toEqual(['{"method":"stop"}']);
      const calls = (method: string) => slack.calls.filter((call) => call.method === method).length;
      expect([calls('users.info'), calls('conversations.info')]).toEqual([1, 1]);
      expect([calls('users.list'), calls('users.conversations')]).toEqual([1, 1]);
    }),
);

it('120 people whom the bot does not know yet get their answers, though Slack describes only 50 of them', () =>
  inSandbox({ mode: 'http', env }, async ({ slack }) => {
    const people = Array.from({ length: 120 }, (_, one) => user(`U1NEW${one}`, `new${one}`, 'Somebody New'));
    slack.workspace.users.push(...people);
    slack.limitRates(true);
    for (let first = 0; first < people.length; first += 10) {
      const some = people.slice(first, first + 10);
      await Promise.all(some.map(({ id }) => slack.command({ user: id, channel: ops, text: 'access' })));
    }
    const answers = () => slack.workspace.privateReplies;
    await slack.waitFor(() => answers().length === people.length);
    for (const { text } of answers()) expect(text).toContain('may not');
    const statuses = slack.calls.filter(({ method }) => method === 'users.info').map(({ answer }) => answer);
    expect(statuses).toContainEqual({ ok: false, error: 'ratelimited' });
    expect(slack.calls.filter(({ method }) => method === 'users.list').length).toBe(1);
  }));
