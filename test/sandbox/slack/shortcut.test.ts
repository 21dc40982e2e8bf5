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

const payload = (): Record<string, unknown> => JSON.parse(bot.lastForm().get('payload') ?? '');

const announce = async () => {
  const blocks = [{ type: 'section', block_id: 'what', text: { type: 'mrkdwn', text: '*WKF110* failed' } }];
  const metadata = { event_type: 'campaign_wf_request', event_payload: { workflow_id: 'WKF110' } };
  const { ts = '' } = await clientOf(slack).chat.postMessage({ channel: 'C0OPS', text: 'failed', blocks, metadata });
  return { ts, blocks };
};

describe('a shortcut of a message', () => {
  it('has the message, its blocks, its place, and its person', async () => {
    const { ts, blocks } = await announce();
    const used = { user: 'U0BOB', channel: 'C0OPS', ts, callbackId: 'workflow_actions' };
    const { triggerId, responseUrl, status } = await slack.shortcut(used);
    expect(status).toBe(200);
    expect(payload()).toEqual({
      type: 'message_action',
      token: 'pretend-verification-token',
      action_ts: expect.stringMatching(/^\d{10}\.\d{6}$/),
      user: { id: 'U0BOB', username: 'bob', name: 'bob', team_id: 'T0ACME' },
      team: { id: 'T0ACME', domain: 'acme' },
      enterprise: null,
      is_enterprise_install: false,
      channel: { id: 'C0OPS', name: 'ops' },
      callback_id: 'workflow_actions',
      trigger_id: triggerId,
      message_ts: ts,
      message: expect.objectContaining({ ts, user: 'U0BOT', bot_id: 'B0BOT', text: 'failed', blocks }),
      response_url: responseUrl,
    });
  });

  it('does not have the metadata of the message', async () => {
    const { ts } = await announce();
    expect(slack.workspace.messages).toMatchObject([{ metadata: { event_type: 'campaign_wf_request' } }]);
    await slack.shortcut({ user: 'U0BOB', channel: 'C0OPS', ts, callbackId: 'workflow_actions' });
    expect(payload().message).not.toHaveProperty('metadata');
  });

  it('has the organisation of the person, and a trigger ID', async () => {
    const { ts } = slack.say({ user: 'U0ROBOT', channel: 'C0OPS', text: 'WKF110 failed' });
    const used = { user: 'U0PAT', channel: 'C0OPS', ts, callbackId: 'workflow_actions' };
    await slack.shortcut(used);
    expect(payload()).toMatchObject({ user: { team_id: 'T0PARTNER' }, team: { id: 'T0ACME' } });
    await slack.shortcut({ ...used, teamId: 'T0OTHER', triggerId: 'given' });
    expect(payload()).toMatchObject({
      trigger_id: 'given',
      user: { team_id: 'T0OTHER' },
      team: { id: 'T0OTHER' },
      message: { user: 'U0ROBOT', text: 'WKF110 failed' },
    });
  });

  it('gets a private reply, and the message stays', async () => {
    const { ts } = await announce();
    const used = { user: 'U0BOB', channel: 'C0OPS', ts, callbackId: 'workflow_actions' };
    const { responseUrl } = await slack.shortcut(used);
    const headers = { 'content-type': 'application/json' };
    await fetch(responseUrl, { method: 'POST', headers, body: '{"text":"Not now.","replace_original":true}' });
    expect(slack.workspace.privateReplies).toMatchObject([{ user: 'U0BOB', channel: 'C0OPS', text: 'Not now.' }]);
    expect(slack.workspace.messages).toMatchObject([{ text: 'failed' }]);
  });

  it('is delivered again with the same bytes', async () => {
    const { ts } = await announce();
    const used = { user: 'U0BOB', channel: 'C0OPS', ts, callbackId: 'workflow_actions' };
    await slack.redeliver(await slack.shortcut(used));
    expect(bot.received).toHaveLength(2);
    expect(bot.received[1]?.body).toBe(bot.received[0]?.body);
  });

  it('needs an existing message, and reports an acknowledgement with a text as a mistake', async () => {
    const nowhere = { user: 'U0BOB', channel: 'C0OPS', ts: '1.0', callbackId: 'workflow_actions' };
    await expect(slack.shortcut(nowhere)).rejects.toThrow('There is no message 1.0');
    const { ts } = await announce();
    bot.answers({ body: 'Thanks.' });
    await slack.shortcut({ ...nowhere, ts });
    expect(slack.workspace.mistakes).toEqual(['a shortcut was acknowledged with a text, which Slack does not show']);
  });
});
