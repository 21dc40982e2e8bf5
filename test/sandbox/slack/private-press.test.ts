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

const plain = (text: string) => ({ type: 'plain_text', text });
const row = (value: string) => ({
  type: 'actions',
  block_id: `row-${value}`,
  elements: [{ type: 'button', action_id: 'stop', value, text: plain('Stop') }],
});

const postPrivately = async (text: string, ...values: string[]) => {
  const { chat } = clientOf(slack);
  return chat.postEphemeral({ channel: 'C0OPS', user: 'U0BOB', text, blocks: values.map(row) });
};
const payload = (): Record<string, unknown> => JSON.parse(bot.lastForm().get('payload') ?? '');
const BOB = { user: 'U0BOB', channel: 'C0OPS', actionId: 'stop' };

async function respond(url: string, body: object): Promise<[number, string]> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return [response.status, await response.text()];
}

describe('a button of a private reply', () => {
  it('has its place and its person, but not the message', async () => {
    const { message_ts: ts } = await postPrivately('Stop it?', 'R1');
    const { triggerId, responseUrl } = await slack.pressPrivate(BOB);
    expect(payload()).toEqual({
      type: 'block_actions',
      user: { id: 'U0BOB', username: 'bob', name: 'bob', team_id: 'T0ACME' },
      api_app_id: 'A0APP',
      token: 'pretend-verification-token',
      container: { type: 'message', message_ts: ts, channel_id: 'C0OPS', is_ephemeral: true },
      trigger_id: triggerId,
      team: { id: 'T0ACME', domain: 'acme' },
      enterprise: null,
      is_enterprise_install: false,
      channel: { id: 'C0OPS', name: 'ops' },
      state: { values: {} },
      response_url: responseUrl,
      actions: [
        {
          action_id: 'stop',
          block_id: 'row-R1',
          text: plain('Stop'),
          value: 'R1',
          type: 'button',
          action_ts: expect.stringMatching(/^\d{10}\.\d{6}$/),
        },
      ],
    });
  });

  it('may be a menu, of which an option is chosen', async () => {
    const { chat } = clientOf(slack);
    const options = ['R1', 'R2'].map((value) => ({ value, text: plain(`Request ${value}`) }));
    const menu = { type: 'static_select', action_id: 'which', placeholder: plain('Which?'), options };
    const blocks = [{ type: 'actions', block_id: 'row', elements: [menu] }];
    await chat.postEphemeral({ channel: 'C0OPS', user: 'U0BOB', text: 'Which?', blocks });
    await slack.pressPrivate({ ...BOB, actionId: 'which', value: 'R2' });
    const chosen = { type: 'static_select', selected_option: options[1] };
    expect(payload()).toMatchObject({
      state: { values: { row: { which: chosen } } },
      actions: [{ action_id: 'which', block_id: 'row', placeholder: plain('Which?'), ...chosen }],
    });
    await expect(slack.pressPrivate({ ...BOB, actionId: 'which', value: 'R3' })).rejects.toThrow('no private reply');
  });

  it('is that of the latest reply with it, or the one with the value', async () => {
    await postPrivately('older', 'R1');
    const { message_ts: newer } = await postPrivately('newer', 'R2', 'R3');
    await postPrivately('without a button');
    await slack.pressPrivate(BOB);
    expect(payload()).toMatchObject({ container: { message_ts: newer }, actions: [{ value: 'R2' }] });
    await slack.pressPrivate({ ...BOB, value: 'R3' });
    expect(payload()).toMatchObject({ container: { message_ts: newer }, actions: [{ value: 'R3' }] });
    await slack.pressPrivate({ ...BOB, value: 'R1', teamId: 'T0OTHER', triggerId: 'given' });
    expect(payload()).toMatchObject({
      trigger_id: 'given',
      user: { team_id: 'T0OTHER' },
      team: { id: 'T0OTHER' },
      actions: [{ value: 'R1' }],
    });
  });

  it('can be pressed only by the person who sees it, in its channel', async () => {
    await postPrivately('Stop it?', 'R1');
    for (const other of [{ user: 'U0CAROL' }, { channel: 'C0MKT' }, { actionId: 'go' }, { value: 'R2' }])
      await expect(slack.pressPrivate({ ...BOB, ...other })).rejects.toThrow('There is no private reply');
    expect(bot.received).toEqual([]);
  });

  it('is delivered again with the same bytes', async () => {
    await postPrivately('Stop it?', 'R1');
    await slack.redeliver(await slack.pressPrivate(BOB));
    expect(bot.received).toHaveLength(2);
    expect(bot.received[1]?.body).toBe(bot.received[0]?.body);
  });

  it('is removed when its reply is replaced, for that person only', async () => {
    await postPrivately('Stop it?', 'R1');
    const { responseUrl } = await slack.pressPrivate(BOB);
    expect(await respond(responseUrl, { text: 'Stopping.', replace_original: true })).toEqual([200, 'ok']);
    expect(slack.workspace.privateReplies).toMatchObject([{ user: 'U0BOB', text: 'Stopping.', blocks: [] }]);
    expect(slack.workspace.messages).toEqual([]);
    await expect(slack.pressPrivate(BOB)).rejects.toThrow('There is no private reply');
  });

  it('can remove its reply', async () => {
    await postPrivately('Stop it?', 'R1');
    await postPrivately('another');
    const { responseUrl } = await slack.pressPrivate(BOB);
    expect(await respond(responseUrl, { delete_original: true })).toEqual([200, 'ok']);
    expect(slack.workspace.privateReplies).toMatchObject([{ text: 'another' }]);
    expect(await respond(responseUrl, { delete_original: true })).toEqual([404, 'message_not_found']);
  });
});
