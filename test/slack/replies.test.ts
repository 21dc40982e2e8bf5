import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PretendSlack, startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import type { SlackCall } from '../../src/slack/call-result.ts';
import { createReplies, type Replies } from '../../src/slack/private-replies.ts';
import { renderMessage } from '../../src/slack/render.ts';
import { type BareServer, httpAnswer, startBareServer } from '../campaign/bare-server.ts';
import { type ListeningBot, startListeningBot } from '../sandbox/slack/listening-bot.ts';
import { clientOf } from '../sandbox/slack/quiet-client.ts';

const message = renderMessage([[{ kind: 'text', text: 'only for you' }]]);
const minutes = 60_000;
const startMs = Date.UTC(2026, 10, 10, 12);

let slack: PretendSlack;
let bot: ListeningBot;
let replies: Replies;
let calls: SlackCall[];
let now: number;

beforeEach(async () => {
  now = startMs;
  slack = await startPretendSlack({ now: () => now });
  bot = await startListeningBot();
  slack.deliverTo(bot.url);
  calls = [];
  replies = createReplies(
    () => now,
    (call) => calls.push(call),
  );
});
afterEach(async () => {
  await slack.close();
  await bot.close();
});

/** Alice types a command. Remembers its response_url, and returns the interaction and the URL. */
async function typed(): Promise<{ interaction: string; address: string }> {
  await slack.command({ user: 'U0ALICE', channel: 'C0OPS', text: 'help' });
  const form = bot.lastForm();
  const [interaction, address] = [form.get('trigger_id') ?? '', form.get('response_url') ?? ''];
  replies.remember(interaction, address);
  return { interaction, address };
}

const posted = { kind: 'posted', ts: '' };

describe('a reply', () => {
  it.each([
    [null, 'ok'],
    [{ kind: 'http', status: 503 }, 'server_error'],
    [{ kind: 'http', status: 429 }, 'rate_limited'],
    [{ kind: 'http', status: 404 }, 'refused'],
    [{ kind: 'http', status: 200, body: '<html>' }, 'not_slack'],
    [{ kind: 'drop_before' }, 'no_connection'],
  ] as const)('is reported with its result, and never with its address: %j', async (fault, result) => {
    const { interaction } = await typed();
    if (fault !== null) slack.fail('response_url', fault);
    await replies.reply(interaction, message);
    expect(calls).toMatchObject([{ method: 'response_url', result }]);
    expect(JSON.stringify(calls)).not.toMatch(/http|hooks/);
  });

  it('is visible only to the person who typed', async () => {
    const { interaction } = await typed();
    expect(await replies.reply(interaction, message)).toEqual(posted);
    expect(slack.workspace.privateReplies).toMatchObject([
      { user: 'U0ALICE', channel: 'C0OPS', via: 'response_url', text: 'only for you' },
    ]);
    expect(slack.workspace.messages).toEqual([]);
    expect(slack.workspace.mistakes).toEqual([]);
  });

  it('does not change the message whose button was pressed', async () => {
    const blocks = [
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'a', value: 'v', text: { type: 'plain_text', text: 'A' } }],
      },
    ];
    const auth = { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ channel: 'C0OPS', text: 'question', blocks });
    await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', headers: auth, body });
    const [{ ts } = { ts: '' }] = slack.workspace.messages;
    await slack.press({ user: 'U0BOB', channel: 'C0OPS', ts, actionId: 'a' });
    const payload = JSON.parse(bot.lastForm().get('payload') ?? '{}');
    replies.remember('press', payload.response_url);
    expect(await replies.reply('press', message)).toEqual(posted);
    expect(slack.workspace.messages).toMatchObject([{ ts, text: 'question', edited: null }]);
    expect(slack.workspace.privateReplies).toMatchObject([{ user: 'U0BOB', text: 'only for you' }]);
  });

  it('takes the place of the private message whose button was pressed, where it says so', async () => {
    const button = { type: 'button', action_id: 'a', value: 'v', text: { type: 'plain_text', text: 'A' } } as const;
    const blocks = [{ type: 'actions' as const, elements: [button] }];
    const posting = { channel: 'C0OPS', user: 'U0BOB', text: 'page 1', blocks };
    for (const text of ['page 1', 'another']) await clientOf(slack).chat.postEphemeral({ ...posting, text });
    await slack.pressPrivate({ user: 'U0BOB', channel: 'C0OPS', actionId: 'a' });
    const payload = JSON.parse(bot.lastForm().get('payload') ?? '{}');
    replies.remember('press', payload.response_url);
    expect(await replies.reply('press', message, true)).toEqual(posted);
    expect(slack.workspace.privateReplies.map(({ text }) => text)).toEqual(['page 1', 'only for you']);
  });

  it('to a form is sent to where the form was opened', async () => {
    const { interaction } = await typed();
    replies.pass(interaction, 'sent-form');
    replies.pass('unknown', 'other-form');
    expect(await replies.reply('sent-form', message)).toEqual(posted);
    expect(await replies.reply('other-form', message)).toBeNull();
    expect(slack.workspace.privateReplies).toMatchObject([{ user: 'U0ALICE', via: 'response_url' }]);
  });

  it('uses its own response_url among several', async () => {
    const [first, second] = [await typed(), await typed()];
    await replies.reply(first.interaction, message);
    await replies.reply(second.interaction, message);
    expect(slack.workspace.privateReplies).toHaveLength(2);
    expect(await replies.reply('another', message)).toBeNull();
  });

  it('is refused after five uses of its response_url', async () => {
    const { interaction } = await typed();
    for (let use = 0; use < 5; use++) expect(await replies.reply(interaction, message)).toEqual(posted);
    expect(await replies.reply(interaction, message)).toEqual({ kind: 'refused', reason: 'message_refused' });
  });

  it('is delivered after 28 minutes', async () => {
    const { interaction } = await typed();
    now += 28 * minutes;
    expect(await replies.reply(interaction, message)).toEqual(posted);
  });

  it('is not attempted after half an hour, when the response_url is expired and forgotten', async () => {
    const { interaction } = await typed();
    await replies.reply(interaction, message);
    now += 30 * minutes;
    expect(await replies.reply(interaction, message)).toBeNull();
    now = startMs;
    expect(await replies.reply(interaction, message)).toBeNull();
    expect(slack.workspace.privateReplies).toHaveLength(1);
  });

  it('is refused where Slack’s clock is ahead and the response_url expired earlier', async () => {
    replies = createReplies(() => startMs);
    const { interaction } = await typed();
    now += 30 * minutes;
    expect(await replies.reply(interaction, message)).toEqual({ kind: 'refused', reason: 'message_refused' });
  });

  it.each([
    [{ kind: 'http', status: 500 }, 'doubt'],
    [{ kind: 'drop_before' }, 'doubt'],
    [{ kind: 'drop_after' }, 'doubt'],
    [{ kind: 'error', error: 'channel_not_found' }, 'refused'],
  ] as const)('is never repeated automatically: after %j the result is %s', async (fault, kind) => {
    const { interaction } = await typed();
    slack.fail('response_url', fault, { times: 1 });
    expect(await replies.reply(interaction, message)).toMatchObject({ kind });
    expect(slack.workspace.privateReplies).toHaveLength(fault.kind === 'drop_after' ? 1 : 0);
  });
});

describe('a response_url', () => {
  const servers: BareServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

  /** A server that writes these bytes, and its URL with a secret in it. */
  async function addressOf(bytes: string): Promise<string> {
    const server = await startBareServer((socket) => socket.end(bytes));
    servers.push(server);
    return `${server.url}/commands/T0ACME/s3cr3t`;
  }

  it.each(['{"ok":false}', ' { "error" : "expired_url", "ok" : false }\n', '{"ok":false,"error":"used_url"}'])(
    'can be refused with status 200: %s',
    async (body) => {
      replies.remember('interaction', await addressOf(httpAnswer(200, body)));
      const refused = { kind: 'refused', reason: 'message_refused' };
      expect(await replies.reply('interaction', message)).toEqual(refused);
    },
  );

  it.each([
    ['a refusal that contains it', httpAnswer(404, 'no such s3cr3t')],
    ['a failure that contains it', httpAnswer(500, 's3cr3t')],
    ['a redirection', httpAnswer(307, '', { Location: 'http://127.0.0.1:9/s3cr3t' })],
    ['no HTTP', 's3cr3t'],
    ['nothing', ''],
  ])('is in no result and in no error: %s', async (_what, bytes) => {
    replies.remember('typed', await addressOf(bytes));
    const result = await replies.reply('typed', message).catch((error: unknown) => error);
    expect(result).not.toBeInstanceOf(Error);
    expect(inspect([result, replies], { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain('s3cr3t');
  });

  it('is not in the error either where it is invalid', async () => {
    for (const address of ['not an address s3cr3t', 'http://user:s3cr3t@127.0.0.1/', 'ftp://x/s3cr3t']) {
      replies.remember('typed', address);
      expect(await replies.reply('typed', message)).toEqual({ kind: 'doubt' });
    }
  });

  it('is not redirected to another URL', async () => {
    const target = await startBareServer((socket) => socket.end(httpAnswer(200, 'ok')));
    servers.push(target);
    replies.remember('typed', await addressOf(httpAnswer(307, '', { Location: target.url })));
    expect(await replies.reply('typed', message)).toMatchObject({ kind: 'refused' });
    expect(target.received).toEqual([]);
  });
});
