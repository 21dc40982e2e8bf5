import { expect } from '@jest/globals';
import type { OpenView } from '../../sandbox/slack/workspace.ts';
import type { Case } from './cases.ts';
import { alice, bob, buttons, type Conversation, carol, dave, ops, pat, requestId, shownText } from './people.ts';

/** A person's open form, once it is open. */
function formOf(slack: Conversation['slack'], user: string): Promise<OpenView> {
  return slack.waitFor(({ views }) =>
    views.find(({ user: of, view }) => of === user && view.callback_id === 'request_form'),
  );
}

/** Opens the form with the button below the help. */
async function openForm({ slack, type, privateReply }: Conversation, user: string): Promise<OpenView> {
  await type(user, '');
  await privateReply(user, 'What you may do here');
  await slack.pressPrivate({ user, channel: ops, actionId: 'new_request' });
  return formOf(slack, user);
}

type Fields = {
  workflow?: string | null;
  command?: string | null;
  environment?: string | null;
  reason?: string | null;
};

/** The values as Slack expects them: the name of a block is that of its element. */
function valuesOf(values: Fields): Record<string, Record<string, string | null>> {
  return Object.fromEntries(Object.entries(values).map(([field, value]) => [field, { [field]: value ?? null }]));
}

async function suggested({ slack }: Conversation, { id, user }: OpenView, query: string): Promise<readonly string[]> {
  const options = await slack.suggest({ user, viewId: id, actionId: 'workflow', query });
  return options.map(({ value }) => value);
}

const closed = ({ slack }: Conversation, { id }: OpenView) =>
  slack.waitFor(({ views }) => views.every((view) => view.id !== id));

/** What the form says that the choice in it needs, and how it calls the reason. */
function shownTerms({ view }: OpenView): { readonly terms: string; readonly reason: string } {
  const terms = view.blocks.filter(({ block_id }) => block_id === 'terms');
  const reason = view.blocks.find((block) => block.type === 'input' && block.block_id === 'reason');
  return { terms: shownText({ blocks: terms as never }), reason: reason?.type === 'input' ? reason.label.text : '' };
}

/** The form and the shortcut. */
export const formCases: readonly Case[] = [
  {
    promise: 'the form has the same fields as a typed command: workflow, command, reason; the announcement is the same',
    async check(talk) {
      const { slack, sandbox, announced, outcome, press, sent, privateReply } = talk;
      sandbox.campaign.addWorkflow('WKF700');
      const form = await openForm(talk, alice);
      expect(await suggested(talk, form, 'WKF700')).toContain('id WKF700');
      const values = valuesOf({ workflow: 'id WKF700', command: 'stop', reason: 'wrong *audience*' });
      await slack.submit({ user: alice, viewId: form.id, values });
      await closed(talk, form);
      await privateReply(alice, 'Asked: ');
      const question = await announced('WKF700', 'awaiting_approval');
      expect(question.channel).toBe(ops);
      expect(shownText(question)).toContain(': wrong *audience*');
      await press(bob, question, 'approve');
      await outcome(await announced('WKF700', 'accepted'));
      expect(sent('WKF700')).toEqual(['{"method":"stop"}']);
      expect(slack.workspace.mistakes).toEqual([]);
    },
  },
  {
    promise: 'the form offers recent workflows, and the typed text where it can be an ID',
    async check(talk) {
      const { type, announced, outcome, sandbox } = talk;
      sandbox.campaign.addWorkflow('WKF701');
      await type(alice, 'pause WKF701');
      await outcome(await announced('WKF701', 'accepted'));
      const form = await openForm(talk, alice);
      expect(await suggested(talk, form, '')).toContain('id WKF701 acme');
      expect(await suggested(talk, form, 'f701')).toEqual(['id WKF701 acme', 'id f701']);
      expect(await suggested(talk, form, 'my load')).toEqual([]);
      await talk.slack.closeView({ user: alice, viewId: form.id });
    },
  },
  {
    promise: 'the form says before it is sent who has to confirm it, and keeps what was typed meanwhile',
    async check(talk) {
      const { slack, sandbox, announced, press } = talk;
      sandbox.campaign.addWorkflow('WKF707');
      const form = await openForm(talk, alice);
      expect(shownTerms(form)).toEqual({ terms: '', reason: 'Reason' });
      await suggested(talk, form, 'WKF707');
      const inForm = { user: alice, viewId: form.id };
      await slack.fill({ ...inForm, values: valuesOf({ reason: 'wrong audience', workflow: 'id WKF707' }) });
      const [stop] = await slack.fill({ ...inForm, values: valuesOf({ command: 'stop' }) });
      await slack.waitFor(() => shownTerms(form).terms.includes('Stop WKF707'));
      expect(shownTerms(form).terms).toContain('Needs a confirmation by <!subteam^S0LEADS>');
      expect(form.values.reason?.reason).toMatchObject({ value: 'wrong audience' });
      await slack.fill({ ...inForm, values: valuesOf({ command: 'pause' }) });
      await slack.waitFor(() => shownTerms(form).terms.includes('Pause WKF707'));
      expect(shownTerms(form).terms).toContain('No confirmation needed.');
      // What is delivered again after that is an earlier choice.
      if (stop) await slack.redeliver(stop);
      await slack.fill({ ...inForm, values: valuesOf({ command: 'stop' }) });
      await slack.waitFor(() => shownTerms(form).terms.includes('Stop WKF707'));
      await slack.submit(inForm);
      const question = await announced('WKF707', 'awaiting_approval');
      expect(shownText(question)).toContain(': wrong audience');
      await press(alice, question, 'cancel');
    },
  },
  {
    promise: 'a form whose update Slack refuses or loses is sent all the same',
    async check(talk) {
      const { slack, sandbox, announced, outcome } = talk;
      sandbox.campaign.addWorkflow('WKF708');
      const form = await openForm(talk, alice);
      await suggested(talk, form, 'WKF708');
      const inForm = { user: alice, viewId: form.id };
      const updates = () => slack.calls.filter(({ method }) => method === 'views.update').length;
      const before = updates();
      slack.fail('views.update', { kind: 'error', error: 'internal_error' }, { times: 3 });
      await slack.fill({ ...inForm, values: valuesOf({ workflow: 'id WKF708', command: 'stop' }) });
      await slack.waitFor(() => updates() > before);
      // Chosen and sent before anything could be shown.
      await slack.submit({ ...inForm, values: valuesOf({ command: 'pause' }) });
      await outcome(await announced('WKF708', 'accepted'));
      await closed(talk, form);
      slack.clearFaults();
    },
  },
  {
    promise: 'a form that is submitted twice counts once',
    async check(talk) {
      const { slack, sandbox, announced, outcome, sent } = talk;
      sandbox.campaign.addWorkflow('WKF702');
      const form = await openForm(talk, alice);
      await suggested(talk, form, 'WKF702');
      const values = valuesOf({ workflow: 'id WKF702', command: 'pause' });
      const delivery = await slack.submit({ user: alice, viewId: form.id, values });
      await slack.redeliver(delivery);
      await outcome(await announced('WKF702', 'accepted'));
      expect(sent('WKF702')).toHaveLength(1);
      const of702 = ({ metadata }: { metadata: { event_payload: Record<string, unknown> } | null }) =>
        metadata?.event_payload.workflow_id === 'WKF702';
      expect(slack.workspace.messages.filter(of702)).toHaveLength(1);
    },
  },
  {
    promise: 'the form is refused like a typed command, privately',
    async check(talk) {
      const { slack, privateReply, sent, sandbox } = talk;
      sandbox.campaign.addWorkflow('WKF703');
      const form = await openForm(talk, alice);
      await suggested(talk, form, 'WKF703');
      await slack.submit({
        user: alice,
        viewId: form.id,
        values: valuesOf({ workflow: 'id WKF703', command: 'pause' }),
        teamId: 'T0OTHER',
      });
      await privateReply(alice, 'People of another workspace cannot run workflows here');
      expect(sent('WKF703')).toEqual([]);
    },
  },
  {
    promise: 'the button of the form is not shown to people without rights, and opens nothing for them',
    async check(talk) {
      const { type, privateReply } = talk;
      await type(carol, '');
      const reply = await privateReply(carol, 'What you may do here');
      expect(buttons(reply)).toMatchObject([{ action_id: 'show_waiting' }]);
      await type(dave, '');
      expect(buttons(await privateReply(dave, 'Nothing can be run from here by you'))).toEqual([]);
    },
  },
  {
    promise: 'the shortcut on an announcement opens the form with its workflow and command',
    async check(talk) {
      const { slack, type, announced, outcome, sent, sandbox } = talk;
      sandbox.campaign.addWorkflow('WKF705');
      await type(alice, 'pause WKF705 first');
      const { channel, ts } = await announced('WKF705', 'accepted');
      const first = await outcome(await announced('WKF705', 'accepted'));
      await slack.shortcut({ user: alice, channel, ts, callbackId: 'act_on_workflow' });
      const form = await formOf(slack, alice);
      expect(form.values).toMatchObject({
        workflow: { workflow: { selected_option: { value: 'id WKF705 acme' } } },
        command: { command: { selected_option: { value: 'pause' } } },
      });
      await slack.submit({ user: alice, viewId: form.id, values: valuesOf({ command: 'resume', reason: 'second' }) });
      await sandbox.campaign.waitFor(() => sent('WKF705').length === 2);
      expect(sent('WKF705')[1]).toBe('{"method":"resume"}');
      await closed(talk, form);
      // The outcome in its thread is about the same request.
      await slack.shortcut({ user: alice, channel, ts: first.ts, callbackId: 'act_on_workflow' });
      const again = await formOf(slack, alice);
      expect(again.values).toMatchObject({ workflow: { workflow: { selected_option: { value: 'id WKF705 acme' } } } });
      await slack.closeView({ user: alice, viewId: again.id });
    },
  },
  {
    promise: 'the shortcut says on any other message, and to people without rights here, that it opens nothing',
    async check(talk) {
      const { slack, type, announced, privateReply, press, sandbox } = talk;
      const other = slack.say({ user: bob, channel: ops, text: 'hello' });
      await slack.shortcut({ user: alice, channel: ops, ts: other.ts, callbackId: 'act_on_workflow' });
      await privateReply(alice, 'This works on what campaign-wf has announced about a workflow');
      sandbox.campaign.addWorkflow('WKF706');
      await type(alice, 'stop WKF706');
      const question = await announced('WKF706', 'awaiting_approval');
      for (const [person, words] of [
        [dave, 'and you are not among them'],
        [carol, 'and you are not among them'],
        [pat, 'People of another organization'],
      ] as const) {
        await slack.shortcut({ user: person, channel: ops, ts: question.ts, callbackId: 'act_on_workflow' });
        await privateReply(person, words);
      }
      expect(slack.workspace.views.filter(({ view }) => view.callback_id === 'request_form')).toEqual([]);
      await press(alice, question, 'cancel');
      expect(requestId(await announced('WKF706', 'cancelled'))).toBe(requestId(question));
    },
  },
  {
    promise: 'a form that Slack does not open is reported, with what to do instead',
    async check(talk) {
      const { slack, type, privateReply } = talk;
      await type(alice, '');
      await privateReply(alice, 'What you may do here');
      slack.fail('views.open', { kind: 'error', error: 'expired_trigger_id' });
      await slack.pressPrivate({ user: alice, channel: ops, actionId: 'new_request' });
      await privateReply(alice, 'Slack did not open the form');
      slack.clearFaults();
    },
  },
];
