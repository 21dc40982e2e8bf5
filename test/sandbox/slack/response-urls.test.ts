import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PretendSlack, startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import { type ListeningBot, startListeningBot } from './listening-bot.ts';
import { clientOf } from './quiet-client.ts';

const MINUTE = 60_000;

let slack: PretendSlack;
let bot: ListeningBot;
let time: number;

beforeEach(async () => {
  time = Date.UTC(2026, 0, 15, 12);
  [slack, bot] = await Promise.all([startPretendSlack({ now: () => time }), startListeningBot()]);
  slack.deliverTo(bot.url);
});
afterEach(() => Promise.all([slack.close(), bot.close()]));

async function respond(url: string, body: object, type = 'application/json'): Promise<[number, string]> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify(body) });
  return [response.status, await response.text()];
}

const urlOfCommand = async (channel = 'C0OPS') =>
  (await slack.command({ user: 'U0ALICE', channel, text: 'status' })).responseUrl;

const HELLO = { text: 'hello' };
const BUTTON = { type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } };

async function urlOfButton(): Promise<string> {
  const blocks = [{ type: 'actions', elements: [BUTTON] }];
  const { ts = '' } = await clientOf(slack).chat.postMessage({ channel: 'C0OPS', text: 'Go?', blocks });
  return (await slack.press({ user: 'U0BOB', channel: 'C0OPS', ts, actionId: 'go' })).responseUrl;
}

describe('the response_url of a command', () => {
  it('replies privately, also where the bot is not a member', async () => {
    const responseUrl = await urlOfCommand('C0NOBOT');
    expect(await respond(responseUrl, { ...HELLO, thread_ts: '1.0' })).toEqual([200, 'ok']);
    expect(slack.workspace.privateReplies).toEqual([
      {
        channel: 'C0NOBOT',
        ts: expect.stringMatching(/^\d{10}\.\d{6}$/),
        user: 'U0ALICE',
        threadTs: '1.0',
        ...HELLO,
        blocks: [],
        via: 'response_url',
        responseUrl,
        at: time,
      },
    ]);
  });

  it('replies in the channel on request', async () => {
    await respond(await urlOfCommand(), { ...HELLO, response_type: 'in_channel' });
    expect(slack.workspace.messages).toMatchObject([{ channel: 'C0OPS', userId: 'U0BOT', text: 'hello' }]);
  });

  it('works five times', async () => {
    const url = await urlOfCommand();
    for (let use = 0; use < 5; use += 1) expect(await respond(url, HELLO)).toEqual([200, 'ok']);
    expect(await respond(url, HELLO)).toEqual([404, 'used_url']);
    expect(slack.workspace.privateReplies).toHaveLength(5);
  });

  it('works for half an hour', async () => {
    const url = await urlOfCommand();
    time += 30 * MINUTE - 1;
    expect(await respond(url, HELLO)).toEqual([200, 'ok']);
    time += 1;
    expect(await respond(url, HELLO)).toEqual([404, 'expired_url']);
  });

  it.each([
    ['invalid blocks', { blocks: [{ type: 'section' }] }, 'invalid_blocks'],
    ['an empty body', {}, 'no_text'],
    ['an unknown type', { text: 'x', response_type: 'everywhere' }, 'invalid_payload'],
  ])('refuses %s, without using up an attempt', async (_what, body, error) => {
    const url = await urlOfCommand();
    expect(await respond(url, body)).toEqual([400, error]);
    for (let use = 0; use < 5; use += 1) expect(await respond(url, HELLO)).toEqual([200, 'ok']);
  });

  it('accepts JSON only, at known addresses only', async () => {
    expect(await respond(await urlOfCommand(), HELLO, 'text/plain')).toEqual([400, 'invalid_payload']);
    expect(await respond(`${new URL(slack.apiUrl).origin}/response/none`, HELLO)).toEqual([404, 'no_service']);
  });

  it('can be made to fail', async () => {
    slack.fail('response_url', { kind: 'error', error: 'used_url' }, { times: 1 });
    slack.fail('response_url', { kind: 'drop_after' }, { times: 1 });
    const url = await urlOfCommand();
    expect(await respond(url, HELLO)).toEqual([404, 'used_url']);
    expect(slack.workspace.privateReplies).toHaveLength(0);
    await expect(respond(url, HELLO)).rejects.toThrow();
    expect(slack.workspace.privateReplies).toHaveLength(1);
  });
});

describe('the response_url of a button', () => {
  it('replies privately by default', async () => {
    await respond(await urlOfButton(), HELLO);
    expect(slack.workspace.privateReplies).toMatchObject([{ user: 'U0BOB', text: 'hello' }]);
    expect(slack.workspace.messages).toMatchObject([{ text: 'Go?', edited: null }]);
  });

  it('replaces the message of the button', async () => {
    await respond(await urlOfButton(), { text: 'Gone.', replace_original: true });
    expect(slack.workspace.messages).toMatchObject([{ text: 'Gone.', blocks: [] }]);
  });

  it('removes the message of the button', async () => {
    const url = await urlOfButton();
    expect(await respond(url, { delete_original: true })).toEqual([200, 'ok']);
    expect(slack.workspace.messages).toEqual([]);
    expect(await respond(url, { delete_original: true })).toEqual([404, 'message_not_found']);
  });
});
