import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { webApi } from '@slack/bolt';
import { type PretendSlack, startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import { clientOf, refusalOf } from './quiet-client.ts';

let slack: PretendSlack;
let conversations: webApi.WebClient['conversations'];

beforeEach(async () => {
  slack = await startPretendSlack();
  conversations = clientOf(slack).conversations;
});
afterEach(() => slack.close());

type MessageText = { text?: string; ts?: string };

const textsOf = (messages: MessageText[] | undefined) => messages?.map(({ text }) => text);
const sayInOps = (text: string, threadTs?: string) =>
  slack.say({ user: 'U0BOB', channel: 'C0OPS', text, ...(threadTs !== undefined && { threadTs }) });

describe('conversations.history', () => {
  it('shows the newest message first, and no replies', async () => {
    const parent = sayInOps('one');
    sayInOps('reply', parent.ts);
    sayInOps('two');
    const { messages } = await conversations.history({ channel: 'C0OPS' });
    expect(textsOf(messages)).toEqual(['two', 'one']);
    expect(messages?.[1]).toMatchObject({ thread_ts: parent.ts, reply_count: 1, reply_users: ['U0BOB'] });
  });

  it('shows replies that were also sent to the channel', async () => {
    const parent = sayInOps('one');
    const reply = { channel: 'C0OPS', text: 'reply', thread_ts: parent.ts, reply_broadcast: true } as const;
    await clientOf(slack).chat.postMessage(reply);
    const { messages } = await conversations.history({ channel: 'C0OPS' });
    expect(messages?.[0]).toMatchObject({ subtype: 'thread_broadcast', thread_ts: parent.ts, text: 'reply' });
  });

  it('returns pages that new messages do not shift', async () => {
    for (const text of ['one', 'two', 'three', 'four', 'five']) sayInOps(text);
    const first = await conversations.history({ channel: 'C0OPS', limit: 2 });
    sayInOps('six');
    const cursor = first.response_metadata?.next_cursor ?? '';
    const second = await conversations.history({ channel: 'C0OPS', limit: 2, cursor });
    const next = second.response_metadata?.next_cursor ?? '';
    const third = await conversations.history({ channel: 'C0OPS', limit: 2, cursor: next });
    expect([first, second, third].map(({ messages }) => textsOf(messages))).toEqual([
      ['five', 'four'],
      ['three', 'two'],
      ['one'],
    ]);
    expect([first.has_more, third.has_more]).toEqual([true, false]);
    expect(third.response_metadata?.next_cursor).toBe('');
  });

  it('works with the client’s paging', async () => {
    for (const text of ['one', 'two', 'three']) sayInOps(text);
    const pages = [];
    for await (const page of clientOf(slack).paginate('conversations.history', { channel: 'C0OPS', limit: 2 }))
      pages.push(page);
    expect(pages).toHaveLength(2);
  });

  it('returns only the window, without its borders unless inclusive', async () => {
    const [one, , three] = ['one', 'two', 'three'].map((text) => sayInOps(text));
    const window = { channel: 'C0OPS', oldest: one?.ts ?? '', latest: three?.ts ?? '' };
    expect(textsOf((await conversations.history(window)).messages)).toEqual(['two']);
    const inclusive = await conversations.history({ ...window, inclusive: true });
    expect(textsOf(inclusive.messages)).toEqual(['three', 'two', 'one']);
  });

  it.each([
    ['an unknown cursor', { channel: 'C0OPS', cursor: 'bmV4dA==' }, 'invalid_cursor'],
    ['an invalid time', { channel: 'C0OPS', oldest: 'yesterday' }, 'invalid_ts_oldest'],
    ['a channel without the bot', { channel: 'C0NOBOT' }, 'not_in_channel'],
  ])('refuses %s', async (_what, args, error) => {
    expect((await refusalOf(conversations.history(args))).error).toBe(error);
  });

  it('does not show direct messages without their scope', async () => {
    const { channel = '' } = await clientOf(slack).chat.postMessage({ channel: 'U0BOB', text: 'hello' });
    expect(await refusalOf(conversations.history({ channel }))).toMatchObject({ needed: 'im:history' });
  });
});

describe('metadata', () => {
  const metadata = { event_type: 'campaign_wf_note', event_payload: { request_id: 'R1' } };

  it('is shown on request only', async () => {
    await clientOf(slack).chat.postMessage({ channel: 'C0OPS', text: 'note', metadata });
    const [plain] = (await conversations.history({ channel: 'C0OPS' })).messages ?? [];
    expect(plain).not.toHaveProperty('metadata');
    const [full] = (await conversations.history({ channel: 'C0OPS', include_all_metadata: true })).messages ?? [];
    expect(full).toMatchObject({ user: 'U0BOT', metadata });
  });

  it('is shown for any author, so that readers must check the author', async () => {
    slack.say({ user: 'U0ROBOT', channel: 'C0OPS', text: 'forged', metadata });
    const { messages } = await conversations.history({ channel: 'C0OPS', include_all_metadata: true });
    expect(messages).toMatchObject([{ user: 'U0ROBOT', bot_id: 'B0ROBOT', metadata }]);
  });

  it('stays hidden from a token without a history scope', async () => {
    await slack.close();
    slack = await startPretendSlack({ scopes: ['chat:write', 'channels:read'] });
    const history = clientOf(slack).conversations.history({ channel: 'C0OPS', include_all_metadata: true });
    expect(await refusalOf(history)).toMatchObject({ error: 'missing_scope' });
  });
});

describe('conversations.replies', () => {
  it('shows the first message, then its replies, the oldest first', async () => {
    const parent = sayInOps('parent');
    for (const text of ['one', 'two']) sayInOps(text, parent.ts);
    const { messages } = await conversations.replies({ channel: 'C0OPS', ts: parent.ts });
    expect(textsOf(messages)).toEqual(['parent', 'one', 'two']);
    expect(messages?.[1]).toMatchObject({ thread_ts: parent.ts, parent_user_id: 'U0BOB' });
  });

  it('has the first message on the first page only, whatever the window', async () => {
    const parent = sayInOps('parent');
    const [one] = ['one', 'two', 'three'].map((text) => sayInOps(text, parent.ts));
    const args = { channel: 'C0OPS', ts: parent.ts, oldest: one?.ts ?? '', limit: 2 };
    const first = await conversations.replies(args);
    expect(textsOf(first.messages)).toEqual(['parent', 'two']);
    const cursor = first.response_metadata?.next_cursor ?? '';
    expect(textsOf((await conversations.replies({ ...args, cursor })).messages)).toEqual(['three']);
  });

  it('finds no thread without its message', async () => {
    const missing = conversations.replies({ channel: 'C0OPS', ts: '1600000000.000100' });
    expect((await refusalOf(missing)).error).toBe('thread_not_found');
  });
});
