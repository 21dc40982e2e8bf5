import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PretendSlack, type SlackFault, startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import { findOwn, type MessageQuery } from '../../src/slack/own-messages.ts';
import { clientOf } from '../sandbox/slack/quiet-client.ts';

const noon = Date.UTC(2026, 10, 10, 12);
const metadata = { event_type: 'campaign_wf_request', event_payload: { request_id: 'REQUEST1', digest: 'd' } };

let slack: PretendSlack;
let now: number;

beforeEach(async () => {
  now = noon;
  slack = await startPretendSlack({ now: () => now });
});
afterEach(() => slack.close());

const query: MessageQuery = {
  channel: 'C0OPS',
  thread: null,
  since: noon,
  eventType: 'campaign_wf_request',
  requestId: 'REQUEST1',
};

const find = (changes: Partial<MessageQuery> = {}) =>
  findOwn(clientOf(slack), slack.workspace.bot.userId, { ...query, ...changes });

type Posting = { metadata?: typeof metadata; thread_ts?: string; channel?: string };

/** Posts as the bot, and returns the message's ts. */
async function post({ channel = 'C0OPS', ...rest }: Posting = {}): Promise<string> {
  const { ts = '' } = await clientOf(slack).chat.postMessage({ channel, text: 'a message', ...rest });
  return ts;
}

function chatter(count: number, threadTs?: string): void {
  for (let sent = 0; sent < count; sent++) {
    slack.say({ user: 'U0BOB', channel: 'C0OPS', text: 'chatter', ...(threadTs !== undefined && { threadTs }) });
  }
}

const absent = { kind: 'absent' };

describe('an own message', () => {
  it('is found by its metadata behind 300 other messages, page by page', async () => {
    chatter(150);
    const ts = await post({ metadata });
    chatter(300);
    expect(await find()).toEqual({ kind: 'found', ts });
    expect(slack.calls.filter(({ method }) => method === 'conversations.history')).toHaveLength(2);
  });

  it('is found in its thread behind 300 other messages', async () => {
    const thread = await post();
    chatter(300, thread);
    const ts = await post({ metadata, thread_ts: thread });
    chatter(5, thread);
    expect(await find({ thread })).toEqual({ kind: 'found', ts });
    expect(slack.calls.filter(({ method }) => method === 'conversations.replies')).toHaveLength(2);
  });

  it('is absent where there is none among many others', async () => {
    expect(await find()).toEqual(absent);
    chatter(450);
    await post();
    expect(await find()).toEqual(absent);
  });

  it.each([
    ['another request', { ...metadata, event_payload: { request_id: 'REQUEST2', digest: 'd' } }],
    ['another kind', { ...metadata, event_type: 'campaign_wf_outcome' }],
  ])('is not mistaken for one of %s', async (_what, other) => {
    await post({ metadata: other });
    expect(await find()).toEqual(absent);
  });

  it('is not mistaken for a forgery by another app or a person', async () => {
    slack.say({ user: 'U0ROBOT', channel: 'C0OPS', text: 'forged', metadata });
    slack.say({ user: 'U0BOB', channel: 'C0OPS', text: 'forged', metadata });
    expect(await find()).toEqual(absent);
    const ts = await post({ metadata });
    slack.say({ user: 'U0ROBOT', channel: 'C0OPS', text: 'forged', metadata });
    expect(await find()).toEqual({ kind: 'found', ts });
  });

  it('is searched in its own thread and channel only', async () => {
    const [thread, other] = [await post(), await post()];
    await post({ metadata, thread_ts: other });
    await post({ metadata, channel: 'C0MKT' });
    expect(await find({ thread })).toEqual(absent);
    expect(await find()).toEqual(absent);
    const ts = await post({ metadata, thread_ts: thread });
    expect(await find({ thread })).toEqual({ kind: 'found', ts });
  });

  it('is searched from the time of the request, with a minute for differing clocks', async () => {
    now = noon - 120_000;
    await post({ metadata });
    expect(await find()).toEqual(absent);
    now = noon - 30_000;
    const ts = await post({ metadata });
    expect(await find()).toEqual({ kind: 'found', ts });
  });
});

describe('a search for a message', () => {
  it.each([
    ['the scope for it is missing', { scopes: ['chat:write', 'channels:read'] }, 'C0OPS'],
    ['the bot is not in the channel', {}, 'C0NOBOT'],
    ['there is no such channel', {}, 'C0NONE'],
  ])('is impossible where %s', async (_why, options, channel) => {
    await slack.close();
    slack = await startPretendSlack(options);
    expect(await find({ channel })).toEqual({ kind: 'unknowable' });
  });

  it.each(['no replies', 'a reply'])('uses the channel where the thread was deleted that had %s', async (had) => {
    const thread = await post();
    if (had === 'a reply') chatter(1, thread);
    slack.deleteMessage('C0OPS', thread);
    expect(await find({ thread })).toEqual(absent);
    if (had === 'a reply')
      expect(await post({ metadata, thread_ts: thread }).then(() => find({ thread }))).not.toHaveProperty('unthreaded');
    else
      expect(await post({ metadata, thread_ts: thread }).then(() => find({ thread }))).toMatchObject({
        kind: 'found',
        unthreaded: true,
      });
  });

  it('does not use the channel while the thread exists', async () => {
    const thread = await post();
    await post({ metadata });
    expect(await find({ thread })).toEqual(absent);
  });

  const transientFaults: SlackFault[] = [
    { kind: 'http', status: 500 },
    { kind: 'rate_limited', retryAfterSeconds: 30 },
    { kind: 'drop_before' },
    { kind: 'error', error: 'internal_error' },
    { kind: 'error', error: 'ratelimited' },
    { kind: 'error', error: 'team_added_to_org' },
    { kind: 'error', error: 'token_revoked' },
  ];

  it.each(transientFaults)('has no result while Slack is unavailable: %j', async (fault) => {
    await post({ metadata });
    slack.fail('conversations.history', fault, { times: 1 });
    expect(await find()).toEqual({ kind: 'unreachable' });
    expect(await find()).toMatchObject({ kind: 'found' });
  });

  it('has no result where the second page fails', async () => {
    await post({ metadata });
    chatter(300);
    slack.fail('conversations.history', { kind: 'slow', ms: 0 }, { times: 1 });
    slack.fail('conversations.history', { kind: 'http', status: 500 }, { times: 1 });
    expect(await find()).toEqual({ kind: 'unreachable' });
  });
});
