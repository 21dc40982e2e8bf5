import { expect } from '@jest/globals';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { alice, type Conversation, dave, gina, requestId, shownText } from './people.ts';

/** The announcements of requests for this workflow, the oldest first. */
function announcementsOf({ slack }: Conversation, workflow: string): readonly Message[] {
  return slack.workspace.messages.filter(
    ({ metadata }) => metadata?.event_type === 'campaign_wf_request' && metadata.event_payload.workflow_id === workflow,
  );
}

/** A guest is refused; two clicks, one of them delivered twice, make one request, also after a restart. */
export async function checkAskAgain(talk: Conversation): Promise<void> {
  const { type, announced, outcome, sent, slack, privateReply, sandbox } = talk;
  const clickAgain = (user: string, { channel, ts }: Message, value?: string) =>
    slack.press({ user, channel, ts, actionId: 'ask_again', ...(value !== undefined && { value }) });
  await type(alice, 'stop WKF110 wrong audience');
  const expired = await announced('WKF110', 'expired');
  await outcome(expired);
  await clickAgain(gina, expired);
  await privateReply(gina, 'Guests cannot run workflows');
  await sandbox.restart('SIGKILL');
  const [first] = await Promise.all([clickAgain(alice, expired), clickAgain(alice, expired)]);
  await slack.redeliver(first);
  const again = await slack.waitFor(() => announcementsOf(talk, 'WKF110')[1]);
  expect(requestId(again)).not.toBe(requestId(expired));
  for (const words of ['Stop ', 'WKF110', 'wrong audience']) expect(shownText(again)).toContain(words);
  await outcome(again);
  await type(alice, 'pause WKF200');
  const other = await announced('WKF200', 'accepted');
  await clickAgain(dave, expired, requestId(other));
  await privateReply(dave, 'no longer waiting');
  await clickAgain(dave, expired, 'NOREQ000');
  await privateReply(dave, 'There is no request');
  expect(announcementsOf(talk, 'WKF110')).toHaveLength(2);
  expect(sent('WKF110')).toEqual([]);
  await askAgainForSeveral(talk);
  expect(slack.workspace.mistakes).toEqual([]);
}

/** All workflows of one command are asked for again with one click. */
async function askAgainForSeveral({ type, announced, outcome, slack, sent }: Conversation): Promise<void> {
  await type(alice, 'stop WKF201 WKF202 wrong list');
  const expired = await announced('WKF201,WKF202', 'expired');
  await outcome(expired);
  await slack.press({ user: alice, channel: expired.channel, ts: expired.ts, actionId: 'ask_again' });
  const again = await announced('WKF201,WKF202', 'awaiting_approval');
  expect(requestId(again)).not.toBe(requestId(expired));
  expect(shownText(again)).toContain(`<@${alice}>: wrong list`);
  for (const workflow of ['WKF201', 'WKF202']) expect(sent(workflow)).toEqual([]);
}
