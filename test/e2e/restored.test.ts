import { execFile } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import type { SlackFault } from '../../sandbox/slack/pretend-slack.ts';
import type { Message } from '../../sandbox/slack/workspace.ts';
import type { Sandbox } from '../../sandbox/start-sandbox.ts';
import { newDatabase, onServer } from '../postgres/new-database.ts';
import { alice, bob, buttons, type Conversation, carol, inSandbox, ops, requestId, shownText } from './people.ts';

const timeoutMs = 60_000;

/** A back-up that SQLite makes while the ledger is in use. */
function backUp({ ledgerPath }: Sandbox): string {
  const copy = `${ledgerPath}-copy`;
  rmSync(copy, { force: true });
  const ledger = new DatabaseSync(ledgerPath, { timeout: 5_000 });
  ledger.prepare('vacuum into ?').run(copy);
  ledger.close();
  return copy;
}

/** Stops the bot, replaces the ledger by the copy, and starts the bot again. `meanwhile` runs while it is stopped. */
async function restore(sandbox: Sandbox, copy: string, meanwhile: () => unknown = () => {}): Promise<void> {
  await sandbox.bot().end('SIGTERM');
  for (const end of ['', '-wal', '-shm']) rmSync(`${sandbox.ledgerPath}${end}`, { force: true });
  copyFileSync(copy, sandbox.ledgerPath);
  await meanwhile();
  await sandbox.restart('SIGTERM');
}

type Finding = { name: string; requests?: string[] };
type Ready = { ready: boolean; findings: Finding[]; waiting: { outcomes: number } };

/** The requests for which the channel is ahead of the ledger. */
function behind(findings: readonly Finding[]): readonly string[] {
  return findings.find(({ name }) => name === 'ledger_behind_channel')?.requests ?? [];
}

/** Polls `/readyz` until its page matches. */
async function readiness(
  { sandbox }: Conversation,
  matches: (page: Ready) => boolean,
): Promise<Ready & { status: number }> {
  for (;;) {
    const answer = await fetch(`${sandbox.bot().url}/readyz`);
    const body = (await answer.json()) as Ready;
    if (matches(body)) return { ...body, status: answer.status };
    await wait(20);
  }
}

function repliesTo(
  { workspace }: Conversation['slack'],
  { ts }: Message,
  kind: 'outcome' | 'note',
): readonly Message[] {
  return workspace.messages.filter(
    ({ threadTs, userId, metadata }) =>
      threadTs === ts && userId === workspace.bot.userId && metadata?.event_type === `campaign_wf_${kind}`,
  );
}

/** The request's events, as `npm run verify` lists them. Fails where the record is not valid. */
async function verified({ ledgerPath }: Sandbox, id: string): Promise<string> {
  const program = fileURLToPath(new URL('../../src/audit.ts', import.meta.url));
  const args = ['--disable-warning=ExperimentalWarning', program, 'verify', id];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { DATABASE_URL: `sqlite:${ledgerPath}`, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE },
    cwd: '/',
  });
  return stdout;
}

function errorsOf({ sandbox }: Conversation): readonly { message: string; requests?: string[] }[] {
  return sandbox
    .bot()
    .log.map((line) => JSON.parse(line))
    .filter(({ level }) => level >= 50);
}

async function ask(talk: Conversation, typed: string, workflow: string): Promise<Message> {
  await talk.type(alice, typed);
  const message = await talk.announced(workflow, 'awaiting_approval');
  if (workflow !== '*') await talk.recorded(workflow);
  return message;
}

/** How a stop can end after the copy was made. */
const ends = [
  { outcome: 'accepted', posts: 1, prepare: (_: Conversation) => {}, choice: 'approve' },
  {
    outcome: 'rejected',
    posts: 1,
    prepare: ({ sandbox }: Conversation) => sandbox.campaign.fail('rst_404', { method: 'POST' }),
    choice: 'approve',
  },
  {
    outcome: 'unknown',
    posts: 1,
    prepare: ({ sandbox }: Conversation) => sandbox.campaign.fail('drop_after', { method: 'POST' }),
    choice: 'approve',
  },
  { outcome: 'cancelled', posts: 0, prepare: () => {}, choice: 'cancel' },
  { outcome: 'expired', posts: 0, prepare: () => {}, choice: null },
] as const;

it.concurrent.each(ends)(
  'a ledger copied while a stop waited, restored when that was $outcome: the outcome is kept, and nothing is sent again',
  ({ outcome, posts, prepare, choice }) =>
    inSandbox({ mode: 'http', env: { CAMPAIGN_WF_CONFIRM_WITHIN: choice === null ? '2s' : '5m' } }, async (talk) => {
      const { sandbox, slack, announced, press, sent, privateReply } = talk;
      const question = await ask(talk, 'stop WKF110', 'WKF110');
      const copy = backUp(sandbox);
      prepare(talk);
      if (choice !== null) await press(bob, question, choice);
      const reply = await talk.outcome(question);
      const before = await announced('WKF110', outcome);
      await readiness(talk, ({ waiting }) => waiting.outcomes === 0);
      await restore(sandbox, copy);
      const ready = await readiness(talk, ({ findings }) => behind(findings).length > 0);
      const id = requestId(question);
      expect(ready).toMatchObject({ status: 200, ready: true });
      expect(behind(ready.findings)).toEqual([id]);
      const errors = errorsOf(talk).filter(({ requests }) => requests !== undefined);
      expect(errors).toMatchObject([{ requests: [id], message: expect.stringContaining('older copy') }]);
      await press(carol, question, 'approve', id);
      expect((await privateReply(carol, id)).text).toContain(answerToPress[outcome]);
      await readiness(talk, ({ waiting }) => waiting.outcomes === 0);
      await sandbox.bot().end('SIGTERM');
      expect(sent('WKF110')).toHaveLength(posts);
      expect(repliesTo(slack, question, 'outcome')).toEqual([reply]);
      expect(repliesTo(slack, question, 'note').length).toBeLessThanOrEqual(1);
      const after = await announced('WKF110', outcome);
      expect(shownText(after)).toBe(shownText(before));
      expect(await verified(sandbox, id)).toMatch(/ reconciled +[0-9a-f]{64}\n.*\n?1 request/s);
    }),
  timeoutMs,
);

const answerToPress = {
  accepted: 'It ended as: accepted',
  rejected: 'It ended as: rejected',
  unknown: 'It ended as: unknown',
  cancelled: 'It ended as: taken back',
  expired: 'It ended as: expired',
};

const failures: readonly { method: string; name: string; fault: SlackFault }[] = [
  { method: 'conversations.replies', name: '429', fault: { kind: 'rate_limited', retryAfterSeconds: 1 } },
  { method: 'conversations.replies', name: '500', fault: { kind: 'http', status: 500 } },
  { method: 'conversations.replies', name: 'a page', fault: { kind: 'http', status: 200 } },
  { method: 'conversations.replies', name: '403 with a page', fault: { kind: 'http', status: 403 } },
  { method: 'conversations.replies', name: 'an internal error', fault: { kind: 'error', error: 'internal_error' } },
];

it.concurrent.each(failures)(
  'while Slack answers $name, an expired question is not changed; its outcome is taken over when Slack returns it',
  ({ method, fault }) =>
    inSandbox({ mode: 'http', env: { CAMPAIGN_WF_CONFIRM_WITHIN: '3s' } }, async (talk) => {
      const { sandbox, slack, announced, press, sent, privateReply, type } = talk;
      const question = await ask(talk, 'stop WKF110', 'WKF110');
      const copy = backUp(sandbox);
      await press(bob, question, 'approve');
      const reply = await talk.outcome(question);
      await announced('WKF110', 'accepted');
      await restore(sandbox, copy, () => slack.fail(method, fault));
      const tries = () => slack.calls.filter((call) => call.method === method).length;
      await press(carol, question, 'cancel', requestId(question));
      await slack.waitFor(() => tries() >= 3, timeoutMs);
      expect(repliesTo(slack, question, 'outcome')).toEqual([reply]);
      // New requests do not wait for old ones.
      await type(alice, 'pause WKF200');
      await announced('WKF200', 'accepted');
      slack.clearFaults();
      await privateReply(carol, 'It ended as: accepted');
      await announced('WKF110', 'accepted');
      await sandbox.bot().end('SIGTERM');
      expect(sent('WKF110')).toHaveLength(1);
      expect(repliesTo(slack, question, 'outcome')).toEqual([reply]);
    }),
  timeoutMs,
);

const withoutHistory = ['commands', 'chat:write', 'users:read', 'channels:read', 'groups:read', 'usergroups:read'];

it.concurrent(
  'without the history scopes, requests open at the start end as unknown and are not sent, and the next stop is not delayed',
  () =>
    inSandbox({ mode: 'http', scopes: withoutHistory }, async (talk) => {
      const { sandbox, slack, announced, press, sent, type } = talk;
      const question = await ask(talk, 'stop WKF110', 'WKF110');
      await sandbox.restart('SIGKILL');
      const reply = await talk.outcome(question);
      expect(reply.metadata?.event_payload.outcome).toBe('unknown');
      expect(shownText(reply)).toContain('may not read the channel to find out whether it was sent before');
      expect(buttons(await announced('WKF110', 'unknown'))).toEqual([]);
      expect(sent('WKF110')).toEqual([]);
      await type(alice, 'stop WKF110');
      const again = await announced('WKF110', 'awaiting_approval');
      await press(bob, again, 'approve');
      expect((await talk.outcome(again)).text).toContain('Campaign accepted');
      expect(sent('WKF110')).toHaveLength(1);
      expect(slack.workspace.mistakes).toEqual([]);
    }),
  timeoutMs,
);

it.concurrent('a question that is the same in the channel and in the ledger continues after a restart, and nothing is reported', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { sandbox, press, sent } = talk;
    const question = await ask(talk, 'stop WKF110', 'WKF110');
    await sandbox.restart('SIGKILL');
    await press(bob, question, 'approve');
    expect((await talk.outcome(question)).text).toContain('Campaign accepted');
    expect(sent('WKF110')).toHaveLength(1);
    expect(await readiness(talk, ({ waiting }) => waiting.outcomes === 0)).toMatchObject({ status: 200, findings: [] });
    expect(errorsOf(talk)).toEqual([]);
  }));

it.concurrent(
  'a freeze that was accepted after the copy is in force again; one that was requested after it is reported',
  () =>
    inSandbox({ mode: 'http', configuration: frozenByLeads }, async (talk) => {
      const { sandbox, slack, announced, press, privateReply, type } = talk;
      const question = await ask(talk, 'freeze prod 2h mailing runs', '*');
      await readiness(talk, ({ waiting }) => waiting.outcomes === 0);
      const copy = backUp(sandbox);
      await press(bob, question, 'approve');
      await talk.outcome(question);
      await type(alice, 'pause WKF200');
      const later = await announced('WKF200', 'accepted');
      await talk.outcome(later);
      await restore(sandbox, copy);
      const { findings } = await readiness(talk, (page) => behind(page.findings).length === 2);
      expect(behind(findings).toSorted()).toEqual([requestId(question), requestId(later)].sort());
      await type(alice, 'start WKF300');
      await privateReply(alice, requestId(question));
      expect(repliesTo(slack, question, 'outcome')).toHaveLength(1);
      expect(talk.sent('WKF300')).toEqual([]);
    }),
  timeoutMs,
);

const frozenByLeads = `
environments:
  prod: { organization: acme }
access:
  - name: Leads confirm a freeze
    channels: [${ops}]
    people: { users: [${alice}] }
    commands: [freeze]
    approval: { from: { groups: [S0LEADS] } }
  - name: Operators
    channels: [${ops}]
    people: { users: [${alice}] }
    commands: [start, pause, stop, history]
`;

it.concurrent(
  'a PostgreSQL ledger restored to a time when a stop waited takes the outcome over from the channel',
  async () => {
    const DATABASE_URL = await newDatabase();
    await inSandbox({ mode: 'http', env: { DATABASE_URL } }, async (talk) => {
      const { sandbox, slack, announced, press, sent, privateReply } = talk;
      const question = await ask(talk, 'stop WKF110', 'WKF110');
      for (const table of tables)
        await onServer(DATABASE_URL, `create table copied_${table} as table campaign_wf.${table}`);
      await press(bob, question, 'approve');
      const reply = await talk.outcome(question);
      await announced('WKF110', 'accepted');
      await sandbox.bot().end('SIGTERM');
      await onServer(DATABASE_URL, putBack);
      await sandbox.restart('SIGTERM');
      await readiness(talk, ({ findings }) => behind(findings).length > 0);
      await press(carol, question, 'approve', requestId(question));
      await privateReply(carol, 'It ended as: accepted');
      await sandbox.bot().end('SIGTERM');
      expect(sent('WKF110')).toHaveLength(1);
      expect(repliesTo(slack, question, 'outcome')).toEqual([reply]);
    });
  },
  timeoutMs,
);

const tables = ['requests', 'events', 'tasks'];

/** As in a restore of a back-up: without the trigger that protects the events. */
const putBack = [
  'set session_replication_role = replica',
  `truncate ${tables.map((table) => `campaign_wf.${table}`).join(', ')}`,
  ...tables.map((table) => `insert into campaign_wf.${table} select * from copied_${table}`),
].join('; ');
