import { expect } from '@jest/globals';
import { channel } from '../../sandbox/slack/seed.ts';
import { alice, bob, type Conversation, carol, ops, shownText } from './people.ts';

const secret = 'G0SECRET';

/** Leads confirm what others ask for, in #ops and in a private channel. */
export const privateChannel = `
environments:
  prod: { organization: acme }
access:
  - name: Leads stop
    channels: [${ops}, ${secret}]
    people: { users: [${alice}, ${bob}] }
    commands: [stop]
    approval: { from: { groups: [S0LEADS] }, requester_may_approve: false }
`;

/** Bob is a lead in the private channel, Carol is one outside. */
export async function checkPrivateChannel(talk: Conversation): Promise<void> {
  const { slack, sandbox, type, privateReply, announced, outcome, press, sent } = talk;
  for (const workflow of ['WKF130', 'WKF131', 'WKF132']) sandbox.campaign.addWorkflow(workflow);
  const place = channel(secret, 'secret', { isPrivate: true, members: ['U0BOT', alice] });
  slack.workspace.channels.push(place);
  await slack.command({ user: alice, channel: secret, text: 'stop WKF130' });
  const refused = await privateReply(alice, 'Nobody could confirm it: the channel is private');
  expect(refused.text).toContain('Invite one of them, then try again.');
  expect(slack.workspace.messages).toEqual([]);
  place.members.push(bob);
  // A new process knows nothing of the members of before.
  await sandbox.restart('SIGKILL');
  await type(alice, 'stop WKF131', secret);
  const question = await announced('WKF131', 'awaiting_approval');
  expect(question.channel).toBe(secret);
  expect(shownText(question)).toMatch(new RegExp(`Decide by .*: <@${bob}>`));
  expect(question.text + shownText(question)).not.toMatch(new RegExp(`S0LEADS|${carol}`));
  await press(bob, question, 'approve');
  await outcome(await announced('WKF131', 'accepted'));
  expect(sent('WKF131')).toEqual(['{"method":"stop"}']);
  await slack.command({ user: bob, channel: secret, text: 'stop WKF132' });
  await privateReply(bob, 'of <!subteam^S0LEADS> nobody who may confirm is in it');
  expect(sent('WKF132')).toEqual([]);
}
