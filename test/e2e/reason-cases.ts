import { expect } from '@jest/globals';
import type { Message, OpenView } from '../../sandbox/slack/workspace.ts';
import type { Case } from './cases.ts';
import { alice, bob, type Conversation, carol, dave, requestId, shownText } from './people.ts';

/** The dialogs that ask why somebody has cancelled this request. */
function dialogsFor(asked: Message, views: readonly OpenView[]): readonly OpenView[] {
  const about = (text: string | undefined) => text?.includes(`"request":"${requestId(asked)}"`) ?? false;
  return views.filter(({ view }) => view.callback_id === 'reason_form' && about(view.private_metadata));
}

/** The dialog, once it is open. */
export function reasonDialogFor({ slack }: Conversation, asked: Message): Promise<OpenView> {
  return slack.waitFor(({ views }) => dialogsFor(asked, views)[0]);
}

function answering(reason: string | null) {
  return { reason: { reason } };
}

async function question({ type, announced, sandbox }: Conversation, workflow: string): Promise<Message> {
  sandbox.campaign.addWorkflow(workflow);
  await type(alice, `stop ${workflow}`);
  return announced(workflow, 'awaiting_approval');
}

/** The announcement once it contains this text. */
function announcementWith({ slack }: Conversation, { ts }: Message, text: string): Promise<Message> {
  return slack.waitFor(({ messages }) => messages.find((one) => one.ts === ts && shownText(one).includes(text)));
}

/** Saying why a request is not wanted. */
export const reasonCases: readonly Case[] = [
  {
    promise:
      'Keep running counts at once, and asks why: the reason is told to whoever asked, once, and is on the record',
    async check(talk) {
      const { slack, announced, outcome, followUp, press, type, sent, privateReply } = talk;
      const asked = await question(talk, 'WKF750');
      await press(bob, asked, 'cancel');
      const cancelled = await announced('WKF750', 'cancelled');
      const first = await outcome(cancelled);
      const dialog = await reasonDialogFor(talk, asked);
      const submitted = await slack.submit({
        user: bob,
        viewId: dialog.id,
        values: answering('wrong *segment*, ask me'),
      });
      await slack.redeliver(submitted);
      const why = await followUp(cancelled);
      expect(JSON.stringify(why.blocks)).toContain(`"user_id":"${alice}"`);
      expect(JSON.stringify(why.blocks)).toContain(`"user_id":"${bob}"`);
      expect(shownText(why)).toContain('wrong *segment*, ask me');
      expect(shownText(first)).not.toContain('segment');
      await announcementWith(talk, asked, 'wrong *segment*, ask me');
      await type(alice, 'history WKF750');
      await privateReply(alice, 'wrong *segment*');
      expect(dialogsFor(asked, slack.workspace.views)).toEqual([]);
      expect(slack.workspace.messages.filter(({ threadTs }) => threadTs === asked.ts)).toHaveLength(2);
      expect(sent('WKF750')).toEqual([]);
      expect(slack.workspace.mistakes).toEqual([]);
    },
  },
  {
    promise: 'a reason that is left out, or cannot be asked for, changes nothing about the no',
    async check(talk) {
      const { slack, announced, outcome, press, sent } = talk;
      for (const [workflow, answer] of [
        ['WKF751', 'empty'],
        ['WKF752', 'closed'],
        ['WKF753', 'not opened'],
      ] as const) {
        const asked = await question(talk, workflow);
        if (answer === 'not opened')
          slack.fail('views.open', { kind: 'error', error: 'expired_trigger_id' }, { times: 1 });
        await press(alice, asked, 'cancel');
        await outcome(await announced(workflow, 'cancelled'));
        if (answer === 'not opened') continue;
        const { id: viewId } = await reasonDialogFor(talk, asked);
        if (answer === 'empty') await slack.submit({ user: alice, viewId, values: answering(null) });
        else await slack.closeView({ user: alice, viewId });
        await slack.waitFor(({ views }) => views.every(({ id }) => id !== viewId));
        expect(sent(workflow)).toEqual([]);
      }
    },
  },
  {
    promise: 'a reason can be typed with the decision, or after it, and a secret in it is masked',
    async check(talk) {
      const { type, announced, outcome, followUp } = talk;
      const asked = await question(talk, 'WKF754');
      await type(carol, `cancel ${requestId(asked)} wrong list, password=hunter2x`);
      const first = await outcome(await announced('WKF754', 'cancelled'));
      expect(shownText(first)).toContain('wrong list, password=•••');
      const later = await question(talk, 'WKF755');
      await type(bob, `cancel ${requestId(later)}`);
      await outcome(await announced('WKF755', 'cancelled'));
      expect(await type(carol, `cancel ${requestId(later)} not mine`)).toContain('no longer waiting');
      expect(await type(bob, `cancel ${requestId(later)} ask Carol`)).toContain('Recorded why');
      expect(shownText(await followUp(later))).toContain('ask Carol');
      expect(await type(bob, `cancel ${requestId(later)} another`)).toContain('no longer waiting');
    },
  },
  {
    promise: 'whoever may not decide gets the refusal, and no dialog',
    async check(talk) {
      const { slack, press, privateReply, type, announced, outcome } = talk;
      const asked = await question(talk, 'WKF756');
      await press(dave, asked, 'cancel');
      await privateReply(dave, 'did not count');
      await type(alice, `cancel ${requestId(asked)}`);
      await outcome(await announced('WKF756', 'cancelled'));
      expect(dialogsFor(asked, slack.workspace.views)).toEqual([]);
    },
  },
];
