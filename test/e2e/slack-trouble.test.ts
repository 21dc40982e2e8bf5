import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { BotProcess } from '../../sandbox/bot-process.ts';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { alice, bob, type Conversation, inSandbox, ops, requestId, shownText } from './people.ts';

/** A post in doubt can still arrive for about twelve seconds, and is not repeated before. */
const timeoutMs = 60_000;

type Ready = {
  ready: boolean;
  checks: Record<string, boolean>;
  waiting: { outcomes: number; since: string | null } | null;
};

/** Polls `/readyz` until its page matches. */
async function readiness(bot: BotProcess, matches: (page: Ready) => boolean): Promise<Ready & { status: number }> {
  for (;;) {
    const answer = await fetch(`${bot.url}/readyz`);
    const body = (await answer.json()) as Ready;
    if (matches(body)) return { ...body, status: answer.status };
    await wait(20);
  }
}

/** Types a pause that Campaign accepts after a delay, so that faults can be set before. */
async function startSlowPause(talk: Conversation, workflow: string, delayMs = 700): Promise<Message> {
  const { type, announced, sandbox } = talk;
  sandbox.campaign.fail('slow', { method: 'POST', workflowId: workflow, delayMs });
  await type(alice, `pause ${workflow}`);
  await sandbox.campaign.waitFor(() => sandbox.campaign.posts(workflow).length === 1);
  return announced(workflow, 'approved');
}

function outcomesIn({ workspace }: Conversation['slack'], { ts }: Message): readonly Message[] {
  const own = workspace.messages.filter(({ userId }) => userId === workspace.bot.userId);
  return own.filter(({ threadTs, metadata }) => threadTs === ts && metadata?.event_type === 'campaign_wf_outcome');
}

it.concurrent('an outcome that Slack delays is visible in /readyz, in history and in the metrics, and is posted once', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { type, privateReply, outcome, sandbox, slack } = talk;
    const before = Date.now();
    const announcement = await startSlowPause(talk, 'WKF200');
    slack.fail('chat.postMessage', { kind: 'rate_limited', retryAfterSeconds: 15 }, { times: 1 });
    const waiting = await readiness(sandbox.bot(), (it) => it.waiting?.outcomes === 1);
    expect(waiting).toMatchObject({ status: 200, ready: true, checks: { ledger: true, slack: true } });
    const since = Date.parse(waiting.waiting?.since ?? '');
    expect([since >= before, since <= Date.now()]).toEqual([true, true]);
    const metrics = await (await fetch(`${sandbox.bot().url}/metrics`)).text();
    expect(metrics).toContain('\ncampaign_wf_outcomes_waiting 1\n');
    await type(alice, 'history');
    expect((await privateReply(alice, 'Last requests')).text).toContain(
      'could not be posted yet, and is tried again: Slack asks',
    );
    await outcome(announcement);
    const after = await readiness(sandbox.bot(), (it) => it.waiting?.outcomes === 0);
    expect(after).toMatchObject({ ready: true, waiting: { since: null } });
    expect(outcomesIn(slack, announcement)).toHaveLength(1);
  }));

it.concurrent('a stop and its confirmation survive a temporary failure of Slack’s look-ups', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { type, announced, recorded, outcome, press, slack } = talk;
    for (const method of ['users.info', 'users.list'])
      slack.fail(method, { kind: 'rate_limited', retryAfterSeconds: 2 }, { times: 1 });
    slack.fail('usergroups.users.list', { kind: 'rate_limited', retryAfterSeconds: null }, { times: 1 });
    for (const method of ['conversations.info', 'users.conversations'])
      slack.fail(method, { kind: 'error', error: 'ratelimited' }, { times: 1 });
    await type(alice, 'stop WKF200');
    const question = await announced('WKF200', 'awaiting_approval');
    await recorded('WKF200');
    slack.fail('users.info', { kind: 'http', status: 403 }, { times: 4 });
    await press(bob, question, 'approve');
    await outcome(await announced('WKF200', 'accepted'));
    expect(slack.workspace.privateReplies.filter(({ text }) => text.includes('did not say'))).toEqual([]);
  }));

it.concurrent('a revoked token makes the bot unready; when it is valid again, the bot is ready, and the outcome is posted once', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { announced, outcome, sandbox, slack } = talk;
    const announcement = await startSlowPause(talk, 'WKF200');
    slack.revokeToken(true);
    const revoked = await readiness(sandbox.bot(), (it) => it.waiting?.outcomes === 1);
    expect(revoked).toMatchObject({ status: 503, ready: false, checks: { ledger: true, slack: false } });
    const refused = () => slack.calls.filter(({ method }) => method === 'auth.test').length;
    await slack.waitFor(() => refused() >= 3);
    expect(slack.calls.filter(({ method, params }) => method === 'chat.postMessage' && params.thread_ts)).toHaveLength(
      1,
    );
    slack.revokeToken(false);
    await outcome(announcement);
    await announced('WKF200', 'accepted');
    await readiness(sandbox.bot(), (it) => it.ready && it.waiting?.outcomes === 0);
    expect(outcomesIn(slack, announcement)).toHaveLength(1);
  }));

it.concurrent('a channel that is archived between announcement and outcome: the requester gets one direct message', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { sandbox, slack } = talk;
    const announcement = await startSlowPause(talk, 'WKF200');
    const channel = slack.workspace.channels.find(({ id }) => id === ops);
    if (channel !== undefined) channel.isArchived = true;
    const direct = () => slack.workspace.messages.filter(({ channel }) => channel.startsWith('D'));
    await slack.waitFor(() => direct().length > 0);
    await sandbox.bot().end('SIGTERM');
    expect(direct()).toMatchObject([{ channel: 'D0ALICE', text: expect.stringContaining(requestId(announcement)) }]);
    expect(sandbox.bot().log.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
  }));

it.concurrent('an outcome that can be posted neither in the thread nor directly is logged once, at error level', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { announced, sandbox, slack } = talk;
    const announcement = await startSlowPause(talk, 'WKF200');
    slack.fail('chat.postMessage', { kind: 'error', error: 'is_archived' }, { times: 1 });
    slack.fail('chat.postMessage', { kind: 'error', error: 'channel_not_found' });
    await announced('WKF200', 'accepted');
    await slack.waitFor(() => slack.calls.filter(({ method }) => method === 'chat.postMessage').length === 3);
    const before = sandbox.bot();
    await sandbox.restart('SIGTERM');
    slack.clearFaults();
    await talk.type(alice, 'pause WKF201');
    await talk.outcome(await announced('WKF201', 'accepted'));
    await sandbox.bot().end('SIGTERM');
    const lines = [...before.log, ...sandbox.bot().log].map((line) => JSON.parse(line));
    expect(lines.filter(({ level }) => level >= 50)).toMatchObject([
      { request: requestId(announcement), outcome: 'accepted', requester: alice, order: { workflowId: 'WKF200' } },
    ]);
    expect(outcomesIn(slack, announcement)).toEqual([]);
  }));

const page = { body: '<html>Access denied by the proxy</html>', type: 'text/html' };

it.concurrent.each([
  ['403 with a page', { kind: 'http', status: 403, ...page }],
  ['200 with a page', { kind: 'http', status: 200, ...page }],
  ['404 with other JSON', { kind: 'http', status: 404, body: '{"error":"not found"}' }],
  ['401 without a body', { kind: 'http', status: 401, body: '' }],
  ['an unknown error', { kind: 'error', error: 'a_name_of_the_future' }],
  ['a network that the workspace does not permit', { kind: 'error', error: 'accesslimited' }],
] as const)(
  '%s to every call once Campaign has the command: the outcome waits, and is posted in its thread once',
  (_, fault) =>
    inSandbox({ mode: 'http' }, async (talk) => {
      const { outcome, sandbox, slack } = talk;
      const announcement = await startSlowPause(talk, 'WKF200');
      for (const method of ['chat.postMessage', 'chat.update', 'auth.test', 'conversations.replies'])
        slack.fail(method, fault);
      const waiting = await readiness(sandbox.bot(), (it) => it.waiting?.outcomes === 1);
      expect(waiting).toMatchObject({ status: 200, ready: true });
      const methods: ReadonlySet<string> = new Set(['chat.postMessage', 'auth.test', 'conversations.replies']);
      const tries = () => slack.calls.filter(({ method }) => methods.has(method)).length;
      const before = tries();
      await slack.waitFor(() => tries() >= before + 2, timeoutMs);
      expect(slack.workspace.messages).toHaveLength(1);
      slack.clearFaults();
      await outcome(announcement);
      await readiness(sandbox.bot(), (it) => it.waiting?.outcomes === 0);
      await sandbox.bot().end('SIGTERM');
      expect(outcomesIn(slack, announcement)).toHaveLength(1);
      expect(slack.workspace.messages.filter(({ channel }) => channel.startsWith('D'))).toEqual([]);
      expect(sandbox.bot().log.join('\n')).not.toContain('outcome could not be posted');
    }),
);

function ownReplies({ workspace }: Conversation['slack']): readonly Message[] {
  const { messages, bot } = workspace;
  return messages.filter(
    ({ userId, metadata }) => userId === bot.userId && metadata?.event_type !== 'campaign_wf_request',
  );
}

it.concurrent('an announcement that is deleted before the outcome: outcome and follow-up name their subject, and it is logged', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { sandbox, slack } = talk;
    const announcement = await startSlowPause(talk, 'WKF200');
    slack.deleteMessage(ops, announcement.ts);
    await slack.waitFor(() => ownReplies(slack).length === 2, timeoutMs);
    await sandbox.bot().end('SIGTERM');
    expect(shownText(ownReplies(slack)[0] ?? { blocks: [] })).toContain(requestId(announcement));
    for (const { blocks, text, threadTs } of ownReplies(slack)) {
      for (const words of [text, shownText({ blocks })]) expect(words).toContain('WKF200');
      expect(threadTs).toBeNull();
    }
    const lines = sandbox.bot().log.map((line) => JSON.parse(line));
    const warnings = lines.filter(({ message }) => /not in its thread/.test(message));
    expect(warnings).toMatchObject([
      { level: 40, channel: ops },
      { level: 40, channel: ops },
    ]);
  }));

it.concurrent.each([
  ['there was no reply', 'drop_after', false],
  ['the outcome was posted, and its response was lost', 'drop_after', true],
] as const)(
  'an outcome in doubt whose announcement is deleted is posted once: %s',
  (_, kind, afterwards) =>
    inSandbox({ mode: 'http' }, async (talk) => {
      const { sandbox, slack } = talk;
      const announcement = await startSlowPause(talk, 'WKF200');
      if (!afterwards) slack.deleteMessage(ops, announcement.ts);
      slack.fail('chat.postMessage', { kind }, { times: 1 });
      await slack.waitFor(() => ownReplies(slack).length === 1);
      slack.deleteMessage(ops, announcement.ts);
      await slack.waitFor(() => ownReplies(slack).length === 2, timeoutMs);
      await readiness(sandbox.bot(), (it) => it.waiting?.outcomes === 0);
      await sandbox.bot().end('SIGTERM');
      expect(ownReplies(slack).map(({ metadata }) => metadata?.event_type)).toEqual([
        'campaign_wf_outcome',
        'campaign_wf_note',
      ]);
    }),
  timeoutMs,
);

it.concurrent('a thread that is refused because the announcement was deleted: the requester gets a direct message', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { slack } = talk;
    slack.refuseLostReplies(true);
    const announcement = await startSlowPause(talk, 'WKF200');
    slack.deleteMessage(ops, announcement.ts);
    await slack.waitFor(() => ownReplies(slack).some(({ channel }) => channel === 'D0ALICE'));
    expect(ownReplies(slack)).toMatchObject([{ text: expect.stringContaining('Pause WKF200 (acme)') }]);
  }));

it.concurrent('a channel that gets another ID while a stop waits: the press counts there, and so does the outcome', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { type, announced, recorded, outcome, press, sent, slack } = talk;
    await type(alice, 'stop WKF110');
    const question = await announced('WKF110', 'awaiting_approval');
    await recorded('WKF110');
    slack.moveChannel(ops, 'G0OPS');
    await press(bob, question, 'approve');
    const reply = await outcome(await announced('WKF110', 'accepted'));
    expect(reply.channel).toBe('G0OPS');
    expect(sent('WKF110')).toEqual(['{"method":"stop"}']);
  }));

it.concurrent('a channel that gets another ID before the outcome: it is posted there', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { announced, outcome, slack } = talk;
    const announcement = await startSlowPause(talk, 'WKF200');
    slack.moveChannel(ops, 'G0OPS');
    expect((await outcome(announcement)).channel).toBe('G0OPS');
    await announced('WKF200', 'accepted');
  }));

/** Alice's recorded question about WKF110. */
async function questionIn({ type, announced, recorded }: Conversation): Promise<Message> {
  await type(alice, 'stop WKF110');
  const question = await announced('WKF110', 'awaiting_approval');
  await recorded('WKF110');
  return question;
}

it.concurrent('a channel that gets another ID twice while a stop waits: the first press counts', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { announced, outcome, press, sent, slack } = talk;
    const question = await questionIn(talk);
    slack.moveChannel(ops, 'G0OPS');
    slack.moveChannel('G0OPS', 'C0LATER');
    await press(bob, question, 'approve');
    expect((await outcome(await announced('WKF110', 'accepted'))).channel).toBe('C0LATER');
    expect(sent('WKF110')).toEqual(['{"method":"stop"}']);
  }));

it.concurrent('a channel that gets another ID while the bot is down: the question continues, and the press counts', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { announced, outcome, press, sent, sandbox, slack } = talk;
    const question = await questionIn(talk);
    await sandbox.bot().end('SIGKILL');
    slack.moveChannel(ops, 'G0OPS');
    await sandbox.restart('SIGKILL');
    await press(bob, question, 'approve');
    await outcome(await announced('WKF110', 'accepted'));
    expect(outcomesIn(slack, question)).toHaveLength(1);
    expect(sent('WKF110')).toEqual(['{"method":"stop"}']);
  }));

it.concurrent('a channel that gets another ID before the announcement: it is announced there, and sent', () =>
  inSandbox({ mode: 'http' }, async ({ announced, outcome, slack }) => {
    slack.fail('users.info', { kind: 'slow', ms: 500 });
    await slack.command({ user: alice, channel: ops, text: 'pause WKF200' });
    slack.moveChannel(ops, 'G0OPS');
    expect((await outcome(await announced('WKF200', 'accepted'))).channel).toBe('G0OPS');
  }));

it.concurrent('a channel that gets another ID while the announcement’s post is in doubt: it is found there', () =>
  inSandbox({ mode: 'http' }, async ({ announced, outcome, sent, slack }) => {
    slack.fail('chat.postMessage', { kind: 'drop_after' }, { times: 1 });
    await slack.command({ user: alice, channel: ops, text: 'pause WKF200' });
    await announced('WKF200', 'approved');
    slack.moveChannel(ops, 'G0OPS');
    await outcome(await announced('WKF200', 'accepted'));
    expect(slack.workspace.messages.filter(({ threadTs }) => threadTs === null)).toHaveLength(1);
    expect(sent('WKF200')).toEqual(['{"method":"pause"}']);
  }));

it.concurrent.each([
  ['a rate limit', { kind: 'rate_limited', retryAfterSeconds: 1 }, 1],
  ['a page of a proxy', { kind: 'http', status: 403, ...page }, 3],
] as const)('a channel that gets another ID, and %s to its look-up: press and outcome wait for it', (_, fault, times) =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { announced, outcome, press, sandbox, slack } = talk;
    const question = await questionIn(talk);
    const other = await startSlowPause(talk, 'WKF200');
    slack.moveChannel(ops, 'G0OPS');
    slack.fail('conversations.info', fault, { times });
    await press(bob, question, 'approve');
    for (const message of [other, question]) await outcome(message);
    for (const workflow of ['WKF110', 'WKF200']) await announced(workflow, 'accepted');
    await readiness(sandbox.bot(), (it) => it.waiting?.outcomes === 0);
    expect(slack.workspace.messages.filter(({ channel }) => channel !== 'G0OPS')).toEqual([]);
  }),
);

it.concurrent('a channel whose new ID Slack does not return: the press ends the request with an explanation, and nothing is sent', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { type, announced, recorded, press, privateReply, sent, slack } = talk;
    await type(alice, 'stop WKF110');
    const question = await announced('WKF110', 'awaiting_approval');
    await recorded('WKF110');
    slack.moveChannel(ops, 'G0OPS', 'forgets');
    await press(bob, question, 'approve');
    await privateReply(bob, 'can no longer see the channel of request');
    await slack.waitFor(({ messages }) =>
      messages.find(({ channel, text }) => channel === 'D0ALICE' && text.includes('Not sent')),
    );
    expect(sent('WKF110')).toEqual([]);
  }));

it.concurrent('a decision typed in another channel ends nothing, also while Slack does not return the right one', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { type, announced, recorded, press, privateReply, outcome, sent, slack } = talk;
    await type(alice, 'stop WKF110');
    const question = await announced('WKF110', 'awaiting_approval');
    await recorded('WKF110');
    slack.moveChannel(ops, 'G0OPS', 'forgets');
    await slack.command({ user: bob, channel: 'C0MKT', text: `cancel ${requestId(question)}` });
    await privateReply(bob, 'can no longer see the channel of request');
    slack.moveChannel('G0OPS', ops, 'forgets');
    await press(bob, question, 'approve');
    await outcome(await announced('WKF110', 'accepted'));
    expect(sent('WKF110')).toEqual(['{"method":"stop"}']);
  }));

it.concurrent('an app without the Messages tab: an outcome that the thread cannot take is logged once, with advice', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { sandbox, slack } = talk;
    slack.showMessagesTab(false);
    for (const workflow of ['WKF200', 'WKF201']) await startSlowPause(talk, workflow, 3_000);
    const channel = slack.workspace.channels.find(({ id }) => id === ops);
    if (channel !== undefined) channel.isArchived = true;
    const isLogged = () =>
      sandbox.bot().log.filter((line) => line.includes('outcome could not be posted')).length === 2;
    while (!isLogged()) await wait(20);
    await sandbox.bot().end('SIGTERM');
    const lines = sandbox.bot().log.map((line) => JSON.parse(line));
    const advice = lines.filter(({ message }) => /messages_tab_disabled/.test(message));
    expect(advice).toMatchObject([{ level: 40, message: expect.stringContaining('App Home') }]);
    expect(slack.workspace.messages.filter((message) => message.channel.startsWith('D'))).toEqual([]);
  }));

it.concurrent('a 503, and then a lost response: one outcome in the thread', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { sandbox, slack } = talk;
    const announcement = await startSlowPause(talk, 'WKF200');
    slack.fail('chat.postMessage', { kind: 'http', status: 503 }, { times: 1 });
    slack.fail('chat.postMessage', { kind: 'drop_after' }, { times: 1 });
    await slack.waitFor(() => outcomesIn(slack, announcement).length > 0, timeoutMs);
    await readiness(sandbox.bot(), (it) => it.waiting?.outcomes === 0);
    expect(outcomesIn(slack, announcement)).toHaveLength(1);
    const attempts = slack.calls.filter(
      ({ method, params }) =>
        method === 'chat.postMessage' && JSON.stringify(params.metadata ?? null).includes('campaign_wf_outcome'),
    );
    expect(attempts).toHaveLength(2);
  }));

it.concurrent('a ledger that cannot be read: 503 with the name of the check, and 200 when it can be read again', () =>
  inSandbox({ mode: 'http' }, async ({ sandbox }) => {
    const database = new DatabaseSync(sandbox.ledgerPath, { timeout: 5_000 });
    database.exec('alter table tasks rename to renamed');
    const unreadable = await readiness(sandbox.bot(), ({ waiting }) => waiting === null);
    expect(unreadable).toMatchObject({ status: 503, ready: false, checks: { ledger: false, slack: true } });
    const metrics = await (await fetch(`${sandbox.bot().url}/metrics`)).text();
    expect(metrics).toMatch(/\ncampaign_wf_outcomes_waiting nan\n/i);
    database.exec('alter table renamed rename to tasks');
    database.close();
    await readiness(sandbox.bot(), ({ ready }) => ready);
  }));

/** A message of another app. */
const forgery = { user: 'U0ROBOT', channel: ops, text: 'forged' };

function metadataOf(announcement: Message, kind: 'request' | 'outcome') {
  const payload = { request_id: requestId(announcement), outcome: 'accepted', digest: '0'.repeat(64) };
  return { event_type: `campaign_wf_${kind}`, event_payload: payload };
}

it.concurrent(
  'killed after a post and before its response: found behind 300 messages and forgeries, not posted again',
  () =>
    inSandbox({ mode: 'http' }, async (talk) => {
      const { type, announced, sent, sandbox, slack } = talk;
      // The bot is killed after one outcome and one announcement were posted.
      const first = await startSlowPause(talk, 'WKF200');
      slack.say({ ...forgery, threadTs: first.ts, metadata: metadataOf(first, 'outcome') });
      slack.fail('chat.postMessage', { kind: 'hang_after' }, { times: 2 });
      await slack.waitFor(() => outcomesIn(slack, first).length === 1);
      await type(alice, 'pause WKF201');
      const second = await announced('WKF201', 'approved');
      await sandbox.bot().end('SIGKILL');
      for (let count = 0; count < 300; count++) {
        slack.say({ user: bob, channel: ops, text: 'chatter' });
        slack.say({ user: bob, channel: ops, text: 'chatter', threadTs: first.ts });
      }
      slack.say({ ...forgery, metadata: metadataOf(second, 'request') });
      slack.clearFaults();
      await sandbox.restart('SIGKILL');
      await slack.waitFor(() => outcomesIn(slack, second).length > 0, timeoutMs);
      await announced('WKF201', 'accepted');
      await readiness(sandbox.bot(), (it) => it.waiting?.outcomes === 0);
      await sandbox.bot().end('SIGTERM');
      const { messages, bot } = slack.workspace;
      const own = messages.filter(({ userId, metadata }) => userId === bot.userId && !isFollowUp(metadata));
      expect(own.map(({ threadTs, metadata }) => [metadata?.event_payload.request_id, threadTs])).toEqual([
        [requestId(first), null],
        [requestId(first), first.ts],
        [requestId(second), null],
        [requestId(second), second.ts],
      ]);
      for (const workflow of ['WKF200', 'WKF201']) expect(sent(workflow)).toEqual(['{"method":"pause"}']);
      expect(slack.workspace.mistakes).toEqual([]);
    }),
  timeoutMs,
);

function isFollowUp(metadata: Message['metadata']): boolean {
  return metadata?.event_type === 'campaign_wf_note';
}

const withoutHistory = ['commands', 'chat:write', 'users:read', 'channels:read', 'groups:read', 'usergroups:read'];

it.concurrent('without the history scopes: a warning at the start; an announcement in doubt is not sent, an outcome in doubt is posted again', () =>
  inSandbox({ mode: 'http', scopes: withoutHistory }, async (talk) => {
    const { type, privateReply, sent, sandbox, slack } = talk;
    const lines = sandbox.bot().log.map((line) => JSON.parse(line));
    const warnings = lines.filter(({ message }) => message === 'the app lacks a scope of the manifest');
    expect(warnings).toMatchObject([
      { level: 40, scope: 'channels:history', consequence: expect.stringContaining('ends as not sent') },
      { level: 40, scope: 'groups:history', consequence: expect.stringContaining('in private channels') },
    ]);
    slack.fail('chat.postMessage', { kind: 'drop_after' }, { times: 1 });
    await type(alice, 'pause WKF200');
    await privateReply(alice, 'may not read the channel to find out');
    expect(sent('WKF200')).toEqual([]);
    const announcement = await startSlowPause(talk, 'WKF201');
    slack.fail('chat.postMessage', { kind: 'drop_after' }, { times: 1 });
    await slack.waitFor(() => outcomesIn(slack, announcement).length === 2);
    await readiness(sandbox.bot(), (it) => it.waiting?.outcomes === 0);
    expect(outcomesIn(slack, announcement)).toHaveLength(2);
    expect(sent('WKF201')).toEqual(['{"method":"pause"}']);
  }));

it.concurrent('with all scopes there is no warning at the start', () =>
  inSandbox({ mode: 'socket' }, async ({ sandbox }) => {
    expect(sandbox.bot().log.join('\n')).not.toContain('scope');
  }));

it.concurrent('a private reply survives a temporary failure of replies and direct messages', () =>
  inSandbox({ mode: 'http' }, async ({ privateReply, slack }) => {
    slack.fail('response_url', { kind: 'http', status: 403, body: '<html>', type: 'text/html' }, { times: 1 });
    slack.fail('chat.postMessage', { kind: 'rate_limited', retryAfterSeconds: 1 }, { times: 1 });
    await slack.command({ user: alice, channel: ops, text: 'stop WKF1\nstop WKF2' });
    await privateReply(alice, 'Nothing was sent');
  }));
