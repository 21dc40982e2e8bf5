import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { webApi } from '@slack/bolt';
import { type PretendSlack, startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import { clientOf, refusalOf } from './quiet-client.ts';

let slack: PretendSlack;
let chat: webApi.WebClient['chat'];

beforeEach(async () => {
  slack = await startPretendSlack();
  chat = clientOf(slack).chat;
});
afterEach(() => slack.close());

const SECTION = { type: 'section', text: { type: 'mrkdwn', text: '*hello*' } };
const RICH = {
  type: 'rich_text',
  elements: [{ type: 'rich_text_section' as const, elements: [{ type: 'text' as const, text: 'hello' }] }],
} as const;
const METADATA = { event_type: 'campaign_wf_request', event_payload: { request_id: 'R1', final: false } };

describe('chat.postMessage', () => {
  it('posts as the bot, and adds missing block IDs', async () => {
    const posted = await chat.postMessage({ channel: 'C0OPS', text: 'hello', blocks: [SECTION], metadata: METADATA });
    expect(slack.workspace.messages).toMatchObject([
      { channel: 'C0OPS', ts: posted.ts, userId: 'U0BOT', botId: 'B0BOT', appId: 'A0APP', metadata: METADATA },
    ]);
    expect(slack.workspace.messages[0]?.blocks[0]?.block_id).toMatch(/^\w+$/);
    expect(posted.message).toMatchObject({ user: 'U0BOT', bot_id: 'B0BOT', app_id: 'A0APP', text: 'hello' });
    expect(posted.message).not.toHaveProperty('metadata');
  });

  it('gives every message a unique, later timestamp', async () => {
    const posts = Array.from({ length: 20 }, (_, nth) => chat.postMessage({ channel: 'C0OPS', text: `${nth}` }));
    await Promise.all(posts);
    const stamps = slack.workspace.messages.map(({ ts }) => ts);
    expect(new Set(stamps).size).toBe(20);
    expect(stamps).toEqual([...stamps].sort());
    expect(stamps[0]).toMatch(/^\d{10}\.\d{6}$/);
  });

  it('posts to a person in one direct-message channel', async () => {
    const first = await chat.postMessage({ channel: 'U0ALICE', text: 'one' });
    const second = await chat.postMessage({ channel: 'U0ALICE', text: 'two' });
    expect([first.channel, second.channel]).toEqual(['D0ALICE', 'D0ALICE']);
  });

  it('sends no direct messages while the app has no Messages tab', async () => {
    const { channel = '' } = await chat.postMessage({ channel: 'U0ALICE', text: 'one' });
    slack.showMessagesTab(false);
    for (const place of ['U0ALICE', 'U0BOB', channel])
      expect(await refusalOf(chat.postMessage({ channel: place, text: 'two' }))).toMatchObject({
        error: 'messages_tab_disabled',
      });
    await chat.postMessage({ channel: 'C0OPS', text: 'three' });
    slack.showMessagesTab(true);
    await chat.postMessage({ channel: 'U0BOB', text: 'four' });
    expect(slack.workspace.messages.map(({ text }) => text)).toEqual(['one', 'three', 'four']);
  });

  it('replies in a thread, and also in the channel on request', async () => {
    const { ts = '' } = await chat.postMessage({ channel: 'C0OPS', text: 'parent' });
    await chat.postMessage({ channel: 'C0OPS', text: 'reply', thread_ts: ts, reply_broadcast: true });
    expect(slack.workspace.messages[1]).toMatchObject({ threadTs: ts, replyBroadcast: true });
  });

  it.each([
    ['in a channel without the bot', { channel: 'C0NOBOT', text: 'x' }, 'not_in_channel'],
    ['in an unknown channel', { channel: 'C0NOWHERE', text: 'x' }, 'channel_not_found'],
    ['to a deactivated person', { channel: 'U0GONE', text: 'x' }, 'channel_not_found'],
    ['to another bot', { channel: 'U0ROBOT', text: 'x' }, 'cannot_dm_bot'],
    ['an empty text', { channel: 'C0OPS', text: '' }, 'no_text'],
    ['a text that is too long', { channel: 'C0OPS', text: 'x'.repeat(40_001) }, 'msg_too_long'],
  ])('refuses to post %s', async (_what, post, error) => {
    expect((await refusalOf(chat.postMessage(post))).error).toBe(error);
    expect(slack.workspace.messages).toEqual([]);
  });

  it('refuses an archived channel', async () => {
    const ops = slack.workspace.channels.find(({ id }) => id === 'C0OPS');
    if (ops) ops.isArchived = true;
    expect((await refusalOf(chat.postMessage({ channel: 'C0OPS', text: 'x' }))).error).toBe('is_archived');
  });

  it('names the position of a mistake in the blocks', async () => {
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3001) } }];
    const refusal = await refusalOf(chat.postMessage({ channel: 'C0OPS', text: 'x', blocks }));
    expect(refusal).toMatchObject({
      error: 'invalid_blocks',
      response_metadata: { messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]'] },
    });
  });

  it('refuses blocks that are too long together, and invalid blocks', async () => {
    const blocks = Array.from({ length: 4 }, () => ({
      type: 'section',
      text: { type: 'mrkdwn', text: 'x'.repeat(2900) },
    }));
    expect((await refusalOf(chat.postMessage({ channel: 'C0OPS', blocks }))).error).toBe('msg_blocks_too_long');
    const broken = clientOf(slack).apiCall('chat.postMessage', { channel: 'C0OPS', blocks: '[{"type"' });
    expect((await refusalOf(broken)).error).toBe('invalid_blocks_format');
  });

  it.each([
    ['a nested object', { event_type: 'e', event_payload: { a: { b: 1 } } }],
    ['a null', { event_type: 'e', event_payload: { a: null } }],
    ['a key in capitals', { event_type: 'e', event_payload: { requestId: 'R1' } }],
    ['an event type with a blank', { event_type: 'my event', event_payload: {} }],
    ['an unknown key', { event_type: 'e', event_payload: {}, more: 1 }],
  ])('refuses metadata with %s, and records the mistake', async (_what, metadata) => {
    const post = clientOf(slack).apiCall('chat.postMessage', { channel: 'C0OPS', text: 'x', metadata });
    expect((await refusalOf(post)).error).toBe('invalid_metadata_format');
    expect(slack.workspace.mistakes).toHaveLength(1);
  });

  it('records a text that is too long to be shown', async () => {
    await chat.postMessage({ channel: 'C0OPS', text: 'x'.repeat(4001) });
    expect(slack.workspace.mistakes).toEqual(['C0OPS: a text of 4001 characters, more than 4000']);
  });
});

describe('chat.update', () => {
  it('replaces text and blocks, and keeps the metadata', async () => {
    const { ts = '' } = await chat.postMessage({
      channel: 'C0OPS',
      text: 'old',
      blocks: [SECTION],
      metadata: METADATA,
    });
    await chat.update({ channel: 'C0OPS', ts, text: 'new', blocks: [{ type: 'divider' }] });
    const [message] = slack.workspace.messages;
    expect(message).toMatchObject({ text: 'new', metadata: METADATA, edited: { userId: 'U0BOT' } });
    expect(message?.blocks).toMatchObject([{ type: 'divider' }]);
  });

  it('drops the blocks when it is given text alone', async () => {
    const { ts = '' } = await chat.postMessage({ channel: 'C0OPS', text: 'old', blocks: [SECTION] });
    await chat.update({ channel: 'C0OPS', ts, text: 'new' });
    expect(slack.workspace.messages[0]?.blocks).toEqual([]);
  });

  it('removes metadata for an empty object, and changes nothing else', async () => {
    const { ts = '' } = await chat.postMessage({
      channel: 'C0OPS',
      text: 'old',
      blocks: [SECTION],
      metadata: METADATA,
    });
    await clientOf(slack).apiCall('chat.update', { channel: 'C0OPS', ts, metadata: {} });
    expect(slack.workspace.messages).toMatchObject([{ text: 'old', metadata: null, blocks: [SECTION] }]);
  });

  it('refuses a message of somebody else, and a missing one', async () => {
    const { ts } = slack.say({ user: 'U0ROBOT', channel: 'C0OPS', text: 'mine' });
    expect((await refusalOf(chat.update({ channel: 'C0OPS', ts, text: 'ours' }))).error).toBe('cant_update_message');
    const missing = chat.update({ channel: 'C0OPS', ts: '1600000000.000100', text: 'x' });
    expect((await refusalOf(missing)).error).toBe('message_not_found');
  });

  it('refuses to replace rich text with other blocks, and to write in an archived channel', async () => {
    const { ts = '' } = await chat.postMessage({ channel: 'C0OPS', text: 'old', blocks: [RICH] });
    const mismatch = chat.update({ channel: 'C0OPS', ts, text: 'new', blocks: [SECTION] });
    expect((await refusalOf(mismatch)).error).toBe('block_mismatch');
    const ops = slack.workspace.channels.find(({ id }) => id === 'C0OPS');
    if (ops) ops.isArchived = true;
    expect((await refusalOf(chat.update({ channel: 'C0OPS', ts, text: 'new' }))).error).toBe('is_inactive');
  });
});

describe('chat.postEphemeral and chat.getPermalink', () => {
  it('shows a private message to a member only', async () => {
    await chat.postEphemeral({ channel: 'C0OPS', user: 'U0ALICE', text: 'psst' });
    expect(slack.workspace.privateReplies).toMatchObject([{ user: 'U0ALICE', text: 'psst', via: 'ephemeral' }]);
    const toPat = chat.postEphemeral({ channel: 'C0OPS', user: 'U0PAT', text: 'psst' });
    expect((await refusalOf(toPat)).error).toBe('user_not_in_channel');
  });

  it('links to a message, and to a reply within its thread', async () => {
    const parent = slack.say({ user: 'U0BOB', channel: 'C0OPS', text: 'parent' });
    const reply = slack.say({ user: 'U0BOB', channel: 'C0OPS', text: 'reply', threadTs: parent.ts });
    const linkTo = async (ts: string) => (await chat.getPermalink({ channel: 'C0OPS', message_ts: ts })).permalink;
    const base = 'https://acme.slack.com/archives/C0OPS/p';
    expect(await linkTo(parent.ts)).toBe(`${base}${parent.ts.replace('.', '')}`);
    expect(await linkTo(reply.ts)).toBe(`${base}${reply.ts.replace('.', '')}?thread_ts=${parent.ts}&cid=C0OPS`);
    expect((await refusalOf(linkTo('1600000000.000100'))).error).toBe('message_not_found');
  });
});
