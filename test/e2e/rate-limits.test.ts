import { expect, it } from '@jest/globals';
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
      await Promise.all(ids.map((id) => slack.command({ user: alice, channel: ops, text: `start ${id}` })));
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
      expect(reply.text).toContain('Accepted.');
      expect(sent('WKF700')).toHaveLength(1);
    }),
);
