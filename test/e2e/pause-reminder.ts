import { expect } from '@jest/globals';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { alice, bob, buttons, type Conversation, gina, shownText } from './people.ts';

const days = 24 * 3_600_000;

/** A pause is mentioned after five days, once, also after a kill; who leaves it or resumes it is shown there. */
export async function checkPauseReminder(talk: Conversation): Promise<void> {
  const { type, announced, sent, slack, privateReply, sandbox } = talk;
  sandbox.campaign.addWorkflow('WKF811');
  await type(alice, 'pause WKF811 wrong audience');
  const announcement = await announced('WKF811', 'accepted');
  await talk.followUp(announcement);
  const reminders = () =>
    slack.workspace.messages.filter(
      ({ threadTs, metadata }) => threadTs === announcement.ts && metadata?.event_type === 'campaign_wf_pause',
    );
  const reminder = (words: string) => slack.waitFor(() => reminders().find((one) => shownText(one).includes(words)));
  const click = (user: string, { channel, ts }: Message, actionId: string) =>
    slack.press({ user, channel, ts, actionId });

  await sandbox.turnClock(5 * days);
  const first = await reminder('paused since');
  expect(shownText(first)).toContain(`<@${alice}>`);
  expect(buttons(first).map(({ action_id }) => action_id)).toEqual(['resume_paused', 'leave_paused']);
  await sandbox.restart('SIGKILL');
  await click(gina, first, 'leave_paused');
  await privateReply(gina, 'Guests cannot run workflows');
  await click(bob, first, 'leave_paused');
  await privateReply(bob, 'you are not among them');
  await click(alice, first, 'leave_paused');
  const left = await reminder(`<@${alice}> leaves it paused.`);
  expect(buttons(left).map(({ action_id }) => action_id)).toEqual(['resume_paused']);

  await click(alice, left, 'resume_paused');
  await slack.waitFor(() => sent('WKF811').length === 2);
  expect(sent('WKF811')).toEqual(['{"method":"pause"}', '{"method":"resume"}']);
  expect(buttons(await reminder(`<@${alice}> has asked to resume`))).toEqual([]);
  expect(reminders()).toHaveLength(1);
}
