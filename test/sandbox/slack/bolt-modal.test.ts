import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { App, types } from '@slack/bolt';
import type { PretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import type { OpenView } from '../../../sandbox/slack/workspace.ts';
import { TRANSPORTS } from './bolt-bot.ts';

const plain = (text: string): types.PlainTextElement => ({ type: 'plain_text', text });

function stopModal(channel: string): types.ModalView {
  return {
    type: 'modal',
    callback_id: 'stop_workflow',
    private_metadata: channel,
    notify_on_close: true,
    title: plain('Stop a workflow'),
    submit: plain('Stop'),
    blocks: [
      {
        type: 'input',
        block_id: 'workflow',
        label: plain('Workflow'),
        element: { type: 'external_select', action_id: 'pick_workflow', min_query_length: 1 },
      },
      {
        type: 'input',
        block_id: 'reason',
        label: plain('Reason'),
        element: { type: 'plain_text_input', action_id: 'reason' },
      },
    ],
  };
}

/** Opens a modal for a workflow and a reason. Replies to a person who closes it that nothing happens. */
function askInModal(app: App): void {
  app.command('/campaign-wf', async ({ ack, client, body }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: stopModal(body.channel_id) });
  });
  app.shortcut({ callback_id: 'stop_this', type: 'message_action' }, async ({ ack, client, shortcut }) => {
    await ack();
    await client.views.open({ trigger_id: shortcut.trigger_id, view: stopModal(shortcut.channel.id) });
  });
  app.options('pick_workflow', async ({ ack, options }) => {
    const ids = ['WKF110', 'WKF111', 'WKF200'].filter((id) => id.includes(options.value));
    await ack({ options: ids.map((value) => ({ text: plain(value), value })) });
  });
  app.view('stop_workflow', async ({ ack, view, client, body }) => {
    const workflow = view.state.values.workflow?.pick_workflow?.selected_option?.value;
    const reason = view.state.values.reason?.reason?.value ?? '';
    if (reason.length < 5) {
      await ack({ response_action: 'errors', errors: { reason: 'Say more.' } });
      return;
    }
    await ack();
    const text = `<@${body.user.id}> stops ${workflow}: ${reason}`;
    await client.chat.postMessage({ channel: view.private_metadata, text });
  });
  app.view({ callback_id: 'stop_workflow', type: 'view_closed' }, async ({ ack, view, client, body }) => {
    await ack();
    await client.chat.postEphemeral({
      channel: view.private_metadata,
      user: body.user.id,
      text: 'Nothing happens.',
      blocks: [{ type: 'actions', elements: [{ type: 'button', action_id: 'again', text: plain('Ask again') }] }],
    });
  });
  app.action('again', async ({ ack, client, body, respond }) => {
    await ack();
    if (body.type !== 'block_actions' || !body.channel) return;
    await client.views.open({ trigger_id: body.trigger_id, view: stopModal(body.channel.id) });
    await respond({ delete_original: true });
  });
}

describe.each(TRANSPORTS)('a bot of Bolt %s', (_how, start) => {
  let slack: PretendSlack;
  let stop: () => Promise<void>;

  beforeEach(async () => {
    ({ slack, stop } = await start(askInModal));
  });
  afterEach(() => stop());

  const modal = (): Promise<OpenView> => slack.waitFor(({ views }) => views[0]);
  const typeCommand = () => slack.command({ user: 'U0ALICE', channel: 'C0OPS', text: 'stop' });
  const alice = (view: OpenView) => ({ user: 'U0ALICE', viewId: view.id });

  it('opens a modal, suggests, returns errors, and receives the submission', async () => {
    await typeCommand();
    const inModal = alice(await modal());
    const options = await slack.suggest({ ...inModal, actionId: 'pick_workflow', query: 'WKF11' });
    expect(options.map(({ value }) => value)).toEqual(['WKF110', 'WKF111']);
    await slack.fill({ ...inModal, values: { workflow: { pick_workflow: 'WKF111' }, reason: { reason: 'no' } } });
    await slack.submit(inModal);
    expect(slack.workspace.views).toMatchObject([{ user: 'U0ALICE', errors: { reason: 'Say more.' } }]);
    await slack.submit({ ...inModal, values: { reason: { reason: 'wrong audience' } } });
    expect(slack.workspace.views).toEqual([]);
    const [message] = await slack.waitFor(({ messages }) => messages.length > 0 && messages);
    expect(message).toMatchObject({ channel: 'C0OPS', text: '<@U0ALICE> stops WKF111: wrong audience' });
    expect(slack.workspace.mistakes).toEqual([]);
  });

  it('receives the closing of a modal, and a press in a private reply', async () => {
    await typeCommand();
    const first = await modal();
    expect(await slack.closeView(alice(first))).toMatchObject({ status: 200 });
    await slack.waitFor(({ privateReplies }) => privateReplies.length === 1);
    await slack.pressPrivate({ user: 'U0ALICE', channel: 'C0OPS', actionId: 'again' });
    expect((await modal()).id).not.toBe(first.id);
    await slack.waitFor(({ privateReplies }) => privateReplies.length === 0);
    expect(slack.workspace.mistakes).toEqual([]);
  });

  it('opens a modal for a shortcut, in the channel of the message', async () => {
    const { ts } = slack.say({ user: 'U0ROBOT', channel: 'C0MKT', text: 'WKF110 failed' });
    await slack.shortcut({ user: 'U0ALICE', channel: 'C0MKT', ts, callbackId: 'stop_this' });
    expect(await modal()).toMatchObject({ user: 'U0ALICE', view: { private_metadata: 'C0MKT' } });
    expect(slack.workspace.mistakes).toEqual([]);
  });

  it('receives a repeated submission unchanged, after which nothing is left to close', async () => {
    await typeCommand();
    const inModal = alice(await modal());
    await slack.suggest({ ...inModal, actionId: 'pick_workflow', query: 'WKF200' });
    const values = { workflow: { pick_workflow: 'WKF200' }, reason: { reason: 'wrong audience' } };
    const submission = await slack.submit({ ...inModal, values });
    expect(await slack.redeliver(submission)).toMatchObject({ status: 200, triggerId: submission.triggerId });
    await slack.waitFor(({ messages }) => messages.length === 2);
    expect(new Set(slack.workspace.messages.map(({ text }) => text)).size).toBe(1);
    expect(slack.workspace.mistakes).toEqual([]);
  });
});
