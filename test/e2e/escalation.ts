import { expect } from '@jest/globals';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { alice, bob, buttons, type Conversation, dave, ops, shownText } from './people.ts';

const minutes = 60_000;

const stop = (name: string, workflow: string, from: string) => `
  - name: ${name}
    channels: [${ops}]
    people: { users: [${alice}] }
    workflows: [${workflow}]
    commands: [stop]
    approval:
      from: { groups: [${from}] }
      remind_after: 3m
      escalate: [{ after: 5m, to: { groups: [S0DUTY] } }]`;

/** Leads confirm a stop, and after five minutes whoever is on duty; of one workflow nobody else ever can. */
export const escalating = `
environments:
  prod: { organization: acme }
access:${stop('Leads stop', 'WKF812', 'S0LEADS')}${stop('Nobody stops', 'WKF813', 'S0NOBODY')}
`;

/** A stop that nobody confirms is reminded of, wanders to the group on duty, also after a kill, and is confirmed there. */
export async function checkEscalation(talk: Conversation): Promise<void> {
  const { type, announced, outcome, press, sent, slack, privateReply, sandbox } = talk;
  slack.workspace.groups.push(
    { id: 'S0DUTY', handle: 'duty', users: [dave] },
    { id: 'S0NOBODY', handle: 'nobody', users: [] },
  );
  for (const workflow of ['WKF812', 'WKF813']) sandbox.campaign.addWorkflow(workflow);
  await type(alice, 'stop WKF812 wrong audience');
  const question = await announced('WKF812', 'awaiting_approval');
  const calls = () =>
    slack.workspace.messages.filter(
      ({ threadTs, metadata }) => threadTs === question.ts && metadata?.event_type === 'campaign_wf_call',
    );
  const call = (name: string) =>
    slack.waitFor(() => calls().find(({ metadata }) => metadata?.event_payload.call === name));
  const direct = (workflow: string) =>
    slack.workspace.messages.filter((message) => message.channel === 'D0DAVE' && shownText(message).includes(workflow));

  expect((await talk.ask(dave, 'access')).text).toContain('asked by escalation, you may confirm under: Leads stop');
  await press(dave, question, 'approve');
  await privateReply(dave, 'You are asked at ');

  await sandbox.turnClock(3 * minutes);
  const reminder = shownText(await call('reminder 1'));
  expect(reminder).toContain('<!subteam^S0LEADS>');
  expect(reminder).toContain('This still waits for a confirmation');
  await sandbox.restart('SIGKILL');
  await sandbox.turnClock(2 * minutes);
  const stage = shownText(await call('stage 1'));
  expect(stage).toContain('<!subteam^S0DUTY>');
  expect(stage).toContain('you are asked as well');
  await slack.waitFor(() => shownText(messageNow(talk, question)).includes('Now also asked: <!subteam^S0DUTY>'));

  const message = await slack.waitFor(() => direct('WKF812')[0]);
  expect(shownText(message)).toContain('You are asked to decide on this');
  expect(buttons(message).map(({ action_id }) => action_id)).toEqual(['approve_request', 'cancel_request']);
  expect((await talk.ask(dave, 'waiting')).text).toContain('WKF812');
  await slack.press({ user: dave, channel: message.channel, ts: message.ts, actionId: 'approve_request' });
  const done = await outcome(await announced('WKF812', 'accepted'));
  expect(shownText(done)).toContain(`<@${dave}>`);
  expect(sent('WKF812')).toEqual(['{"method":"stop"}']);
  expect(calls()).toHaveLength(2);
  expect(direct('WKF812')).toHaveLength(1);

  await type(alice, 'stop WKF813');
  const atOnce = await announced('WKF813', 'awaiting_approval');
  expect(shownText(atOnce)).toContain('Of <!subteam^S0NOBODY>, too few can confirm now');
  await slack.waitFor(() => direct('WKF813')[0]);
  await press(bob, atOnce, 'approve');
  await privateReply(bob, 'may decide on this');
  await press(dave, atOnce, 'cancel');
  await announced('WKF813', 'cancelled');
  expect(slack.workspace.mistakes).toEqual([]);
}

function messageNow({ slack }: Conversation, { channel, ts }: Message): Message {
  const found = slack.workspace.messages.find((one) => one.channel === channel && one.ts === ts);
  if (found === undefined) throw new Error('the announcement is gone');
  return found;
}
