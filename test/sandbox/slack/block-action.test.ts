import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PretendSlack, startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import { type ListeningBot, startListeningBot } from './listening-bot.ts';
import { clientOf } from './quiet-client.ts';

let slack: PretendSlack;
let bot: ListeningBot;

beforeEach(async () => {
  [slack, bot] = await Promise.all([startPretendSlack(), startListeningBot()]);
  slack.deliverTo(bot.url);
});
afterEach(() => Promise.all([slack.close(), bot.close()]));

describe('a button', () => {
  const postQuestion = async () => {
    const stop = { type: 'button', action_id: 'approve_request', value: 'R1', style: 'danger', text: plain('Stop') };
    const keep = { type: 'button', action_id: 'cancel_request', text: plain('Keep running') };
    const blocks = [{ type: 'actions', block_id: 'buttons', elements: [stop, keep] }];
    const { ts = '' } = await clientOf(slack).chat.postMessage({ channel: 'C0OPS', text: 'Stop it?', blocks });
    return ts;
  };
  const plain = (text: string) => ({ type: 'plain_text', text, emoji: true });
  const payload = (): unknown => JSON.parse(bot.lastForm().get('payload') ?? '');

  it('has the message, its place, and its person', async () => {
    const ts = await postQuestion();
    const { triggerId, responseUrl } = await slack.press({
      user: 'U0BOB',
      channel: 'C0OPS',
      ts,
      actionId: 'approve_request',
    });
    expect(payload()).toEqual({
      type: 'block_actions',
      user: { id: 'U0BOB', username: 'bob', name: 'bob', team_id: 'T0ACME' },
      api_app_id: 'A0APP',
      token: 'pretend-verification-token',
      container: { type: 'message', message_ts: ts, channel_id: 'C0OPS', is_ephemeral: false },
      trigger_id: triggerId,
      team: { id: 'T0ACME', domain: 'acme' },
      enterprise: null,
      is_enterprise_install: false,
      channel: { id: 'C0OPS', name: 'ops' },
      message: expect.objectContaining({ ts, user: 'U0BOT', bot_id: 'B0BOT', text: 'Stop it?' }),
      state: { values: {} },
      response_url: responseUrl,
      actions: [
        {
          action_id: 'approve_request',
          block_id: 'buttons',
          text: plain('Stop'),
          value: 'R1',
          style: 'danger',
          type: 'button',
          action_ts: expect.stringMatching(/^\d{10}\.\d{6}$/),
        },
      ],
    });
  });

  it('has the organisation of the person', async () => {
    const ts = await postQuestion();
    await slack.press({ user: 'U0PAT', channel: 'C0OPS', ts, actionId: 'approve_request' });
    expect(payload()).toMatchObject({ user: { team_id: 'T0PARTNER' }, team: { id: 'T0ACME' } });
    await slack.press({ user: 'U0BOB', channel: 'C0OPS', ts, actionId: 'approve_request', teamId: 'T0OTHER' });
    expect(payload()).toMatchObject({ user: { team_id: 'T0OTHER' }, team: { id: 'T0OTHER' } });
  });

  it('cannot be pressed when it was removed, except on an outdated screen', async () => {
    const ts = await postQuestion();
    await clientOf(slack).chat.update({ channel: 'C0OPS', ts, text: 'Stopped.' });
    const pressed = { user: 'U0BOB', channel: 'C0OPS', ts, actionId: 'approve_request' };
    await expect(slack.press(pressed)).rejects.toThrow('There is no button approve_request');
    await slack.press({ ...pressed, value: 'R1' });
    expect(payload()).toMatchObject({ actions: [{ action_id: 'approve_request', value: 'R1' }] });
    await expect(slack.press({ ...pressed, ts: '1.0', value: 'R1' })).rejects.toThrow('There is no message 1.0');
  });

  it('reports an acknowledgement with a text as a mistake', async () => {
    bot.answers({ body: 'Thanks.' });
    await slack.press({ user: 'U0BOB', channel: 'C0OPS', ts: await postQuestion(), actionId: 'cancel_request' });
    expect(slack.workspace.mistakes).toEqual(['a button was acknowledged with a text, which Slack does not show']);
    expect(slack.workspace.privateReplies).toEqual([]);
  });
});
