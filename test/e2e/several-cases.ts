import { expect } from '@jest/globals';
import type { Message } from '../../sandbox/slack/workspace.ts';
import type { Case } from './cases.ts';
import { alice, bob, buttons, dave, requestId, shownText } from './people.ts';
import { reasonDialogFor } from './reason-cases.ts';

function listed(message: Message, key: string): readonly string[] {
  return String(message.metadata?.event_payload[key] ?? '').split(',');
}

/** One command for several workflows. */
export const severalCases: readonly Case[] = [
  {
    promise: 'several workflows: one announcement, one question, one send each, one list of outcomes',
    async check(talk) {
      const { type, press, announced, outcome, followUp, sent, sandbox, slack } = talk;
      const workflows = ['WKF760', 'WKF761', 'WKF762'];
      for (const workflow of workflows) sandbox.campaign.addWorkflow(workflow);
      await type(alice, 'pause WKF760, WKF761 and WKF762 wrong audience');
      const question = await announced(workflows.join(','), 'awaiting_approval');
      const shown = shownText(question);
      for (const words of [
        'Pause 3 workflows (acme)',
        `<@${alice}>: wrong audience`,
        ...workflows.map((one) => `${one} · In progress`),
      ])
        expect(shown).toContain(words);
      expect(buttons(question).map(({ action_id, value }) => [action_id, value])).toEqual([
        ['approve_request', requestId(question)],
        ['cancel_request', requestId(question)],
      ]);
      expect(shown).toContain('Pause 3 workflows');
      for (const workflow of workflows) expect(sent(workflow)).toEqual([]);
      await press(alice, question, 'approve');
      const announcement = await announced(workflows.join(','), 'completed');
      expect(announcement.ts).toBe(question.ts);
      expect(buttons(announcement)).toEqual([]);
      for (const workflow of workflows) expect(sent(workflow)).toEqual(['{"method":"pause"}']);
      const reply = await outcome(announcement);
      expect(shownText(reply)).toContain(`<@${alice}> Pause 3 workflows (acme)`);
      for (const workflow of workflows)
        expect(shownText(reply)).toContain(`Campaign accepted the pause of ${workflow}.`);
      expect(listed(reply, 'states')).toEqual(['accepted', 'accepted', 'accepted']);
      expect(new Set(listed(reply, 'request_ids')).size).toBe(3);
      expect(listed(reply, 'request_ids')).not.toContain(requestId(announcement));
      const note = await followUp(announcement);
      await type(alice, 'history');
      const { text: history } = await talk.privateReply(alice, 'WKF762');
      const places = workflows.map((workflow) => history.indexOf(workflow));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      for (const workflow of workflows)
        expect(shownText(note)).toContain(`✅ ${workflow} shows as paused or unfinished.`);
      await slack.waitFor(() => shownText(announcement).includes('WKF762 · ✅ Shows as paused or unfinished.'));
      expect(slack.workspace.messages.filter(({ threadTs }) => threadTs === announcement.ts)).toHaveLength(2);
    },
  },
  {
    promise: 'of several stops what may not be asked is said before the question, and the rest is asked of the leads',
    async check(talk) {
      const { type, press, announced, outcome, privateReply, sent, sandbox } = talk;
      for (const workflow of ['WKF763', 'WKF764']) sandbox.campaign.addWorkflow(workflow);
      await type(alice, 'stop WKF764 first');
      const open = await announced('WKF764', 'awaiting_approval');
      await type(alice, 'stop WKF763 WKF764 WKF99999 all of them');
      const question = await announced('WKF763,WKF764,WKF99999', 'awaiting_approval');
      const shown = shownText(question);
      for (const words of [
        'Stop WKF763 (acme)',
        'WKF763 · In progress',
        'WKF764 · ⛔ another request is open',
        'WKF99999 · ⛔ not in Campaign',
        'cannot be undone',
      ])
        expect(shown).toContain(words);
      const { text } = await privateReply(alice, 'Campaign has no workflow WKF99999');
      for (const words of [
        'Asked: ',
        requestId(question),
        'Another request for this workflow is open',
        requestId(open),
      ])
        expect(text).toContain(words);
      await press(bob, question, 'approve');
      const announcement = await announced('WKF763,WKF764,WKF99999', 'completed');
      const reply = await outcome(announcement);
      expect(listed(reply, 'states')).toEqual(['accepted', 'refused', 'refused']);
      expect(shownText(reply)).toContain(`Confirmed by <@${bob}>`);
      expect(sent('WKF763')).toEqual(['{"method":"stop"}']);
      expect(sent('WKF764')).toEqual([]);
      expect(sent('WKF99999')).toEqual([]);
    },
  },
  {
    promise: 'Keep running holds for all of several',
    async check(talk) {
      const { type, press, announced, outcome, sent, sandbox, slack } = talk;
      for (const workflow of ['WKF765', 'WKF766']) sandbox.campaign.addWorkflow(workflow);
      await type(alice, 'stop WKF765 WKF766');
      const question = await announced('WKF765,WKF766', 'awaiting_approval');
      await press(alice, question, 'cancel');
      const announcement = await announced('WKF765,WKF766', 'cancelled');
      expect(shownText(await outcome(announcement))).toContain('Kept running');
      for (const workflow of ['WKF765', 'WKF766']) expect(sent(workflow)).toEqual([]);
      await type(alice, `cancel ${requestId(announcement)} the wrong list`);
      await talk.followUp(announcement);
      await type(alice, 'history WKF765');
      const { text } = await talk.privateReply(alice, '🔙');
      for (const words of ['WKF765', 'the wrong list']) expect(text).toContain(words);
      await slack.openHome({ user: alice });
      await slack.waitFor(({ homes }) => homes.some(({ view }) => shownText(view).includes('the wrong list')));
    },
  },
  {
    promise: 'Keep running asks why also where some of several were sent',
    async check(talk) {
      const { type, press, announced, sent, sandbox, slack } = talk;
      for (const workflow of ['WKF769', 'WKF770']) sandbox.campaign.addWorkflow(workflow);
      sandbox.campaign.fail('gateway_503', { workflowId: 'WKF770', method: 'POST', retryAfter: 60 });
      await type(alice, 'stop WKF769 WKF770');
      await press(bob, await announced('WKF769,WKF770', 'awaiting_approval'), 'approve');
      const retrying = await announced('WKF769,WKF770', 'retrying');
      await sandbox.campaign.waitFor(() => sent('WKF769').length === 1);
      await press(bob, retrying, 'cancel');
      const dialog = await reasonDialogFor(talk, retrying);
      await slack.submit({ user: bob, viewId: dialog.id, values: { reason: { reason: 'the rest is right' } } });
      const announcement = await announced('WKF769,WKF770', 'completed');
      await slack.waitFor(() => shownText(announcement).includes('the rest is right'));
      expect(listed(announcement, 'states')).toEqual(['accepted', 'cancelled']);
      expect(sent('WKF770')).toHaveLength(1);
    },
  },
  {
    promise: 'several starts are refused where the rule does not permit them, with one reason for all',
    async check(talk) {
      const { type, privateReply, sent, sandbox } = talk;
      for (const workflow of ['WKF767', 'WKF768']) sandbox.campaign.addWorkflow(workflow, 'finished');
      await type(alice, 'start WKF767 WKF768');
      const { text } = await privateReply(alice, 'one workflow at a time');
      expect(text.match(/one workflow at a time/g)).toHaveLength(1);
      await type(dave, 'stop WKF767 WKF768');
      expect((await privateReply(dave, 'Refused.')).text).toContain('stop WKF767');
      for (const workflow of ['WKF767', 'WKF768']) expect(sent(workflow)).toEqual([]);
    },
  },
];
