import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { viewMessage } from '../../sandbox/slack/api/message-view.ts';
import type { PretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { alice, bob, type Conversation, conversation, gina, ops } from '../e2e/people.ts';
import { newLedgerPath } from '../requests/scene/ledger-path.fixture.ts';
import { auditHere, type Ended, runAudit } from './run-audit.ts';

export const marketing = 'C0MKT';

/** What the real bot has recorded and posted. It has ended. */
export type SlackRecord = {
  readonly sandbox: Sandbox;
  readonly slack: PretendSlack;
  /** Announcements of a confirmed stop, an accepted pause in another channel, a rejected start, a cancelled stop, and an open one. */
  readonly stop: Message;
  readonly pause: Message;
  readonly rejected: Message;
  readonly cancelled: Message;
  readonly open: Message;
  /** The ledger as it was after the confirmed stop. */
  readonly earlyLedger: string;
};

/** Plays all of that, and ends the bot. */
export async function playRecord(options: Partial<Parameters<typeof startSandbox>[0]> = {}): Promise<SlackRecord> {
  const env = { CAMPAIGN_WF_CHANNELS: `${ops},${marketing}`, ...options.env };
  const sandbox = await startSandbox({ mode: 'http', ...options, env });
  try {
    return await play(sandbox);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

async function play(sandbox: Sandbox): Promise<SlackRecord> {
  const talk = conversation(sandbox);
  const { slack, type, announced, press } = talk;
  slack.workspace.messages.push(otherMessage(Date.now()));
  await type(gina, 'stop WKF110');
  const stop = await accepted(talk, async () => {
    await type(alice, 'stop WKF110 wrong audience');
    await press(bob, await announced('WKF110', 'awaiting_approval'), 'approve');
    return announced('WKF110', 'accepted');
  });
  const earlyLedger = await backUp(sandbox);
  const pause = await accepted(talk, async () => {
    await type(alice, 'pause WKF200', marketing);
    return announced('WKF200', 'accepted');
  });
  sandbox.campaign.addWorkflow('WKF300', 'editing');
  sandbox.campaign.fail('rst_404', { method: 'POST' });
  await type(alice, 'start WKF300');
  const rejected = await announced('WKF300', 'rejected');
  await talk.outcome(rejected);
  await type(alice, 'stop WKF200 oops');
  await press(alice, await announced('WKF200', 'awaiting_approval'), 'cancel');
  const cancelled = await announced('WKF200', 'cancelled');
  await talk.outcome(cancelled);
  await type(alice, 'stop WKF300');
  const open = await announced('WKF300', 'awaiting_approval');
  await talk.recorded('WKF300');
  await sandbox.bot().end('SIGTERM');
  return { sandbox, slack, stop, pause, rejected, cancelled, open, earlyLedger };
}

async function accepted(talk: Conversation, ask: () => Promise<Message>): Promise<Message> {
  const announcement = await ask();
  await talk.outcome(announcement);
  await talk.followUp(announcement);
  return announcement;
}

/** A copy that SQLite makes while the ledger is in use, once everything in it has its place in the log. */
export async function backUp(sandbox: Sandbox): Promise<string> {
  const path = newLedgerPath();
  await sealed(sandbox);
  using ledger = new DatabaseSync(sandbox.ledgerPath, { timeout: 5_000 });
  ledger.prepare('vacuum into ?').run(path);
  return path;
}

/** Resolves when every event has its place in the log. */
export async function sealed({ ledgerPath }: Pick<Sandbox, 'ledgerPath'>): Promise<void> {
  using ledger = new DatabaseSync(ledgerPath, { timeout: 5_000, readOnly: true });
  const unsealed = ledger.prepare('select 1 from requests where sealed_sequence < head_sequence');
  while (unsealed.get() !== undefined) await wait(20);
}

/** Somebody else's message, at any time (milliseconds since the epoch). */
export function otherMessage(at: number, other: Partial<Message> = {}): Message {
  const said = { channel: ops, threadTs: null, userId: bob, botId: null, appId: null, text: 'Good morning!' };
  const empty = { blocks: [], metadata: null, replyBroadcast: false, edited: null };
  return { ...said, ...empty, ts: `${(at / 1_000).toFixed(3)}999`, ...other };
}

export function outcomeOf({ slack }: Pick<SlackRecord, 'slack'>, announcement: Message): Message {
  return replyOf(slack, announcement, 'campaign_wf_outcome');
}

export function followUpOf({ slack }: Pick<SlackRecord, 'slack'>, announcement: Message): Message {
  return replyOf(slack, announcement, 'campaign_wf_note');
}

function replyOf({ workspace }: PretendSlack, { ts }: Message, type: string): Message {
  const found = workspace.messages.find(({ threadTs, metadata }) => threadTs === ts && metadata?.event_type === type);
  if (found === undefined) throw new Error(`there is no ${type} below ${ts}`);
  return found;
}

type Where = {
  readonly ledger?: string;
  /** In a process of its own, with these variables beside those that it needs. */
  readonly env?: Record<string, string>;
  /** In this process: gets how long it would wait for Slack each time, and does not wait then. */
  readonly pauses?: number[];
};

/** The program with what it needs for Slack. */
export function verifySlack(
  { sandbox, slack }: Pick<SlackRecord, 'sandbox' | 'slack'>,
  args: readonly string[] = [],
  { ledger = sandbox.ledgerPath, env, pauses }: Where = {},
): Promise<Ended> {
  const { botToken, apiUrl } = slack;
  const command = ['verify', '--slack', ...args];
  if (env === undefined) {
    const options = { slack: { botToken, apiUrl }, ...(pauses && { pauses }) };
    return auditHere({ kind: 'sqlite', path: ledger }, command, options);
  }
  const access = { SLACK_BOT_TOKEN: botToken, SLACK_API_URL: apiUrl, ...env };
  return runAudit(`sqlite:${ledger}`, command, { env: access });
}

/** A copy of the ledger, without the triggers that guard it, after these statements. */
export function tampered({ sandbox }: Pick<SlackRecord, 'sandbox'>, ...statements: readonly string[]): string {
  const path = newLedgerPath();
  copyFileSync(sandbox.ledgerPath, path);
  const db = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  const triggers = db.prepare("select name from sqlite_master where type = 'trigger'").all();
  for (const { name } of triggers) db.exec(`drop trigger ${name}`);
  for (const statement of statements) db.exec(statement);
  db.close();
  return path;
}

/** An unpacked export of the workspace, as of now. Private channels are in `groups.json`. */
export function writeExport({ workspace }: PretendSlack, { withMetadata }: { readonly withMetadata: boolean }): string {
  const folder = mkdtempSync(join(tmpdir(), 'campaign-wf-export-'));
  const listed = (isPrivate: boolean) =>
    workspace.channels.filter((one) => one.isPrivate === isPrivate).map(({ id, name }) => ({ id, name }));
  writeFileSync(join(folder, 'channels.json'), JSON.stringify(listed(false)));
  writeFileSync(join(folder, 'groups.json'), JSON.stringify(listed(true)));
  for (const { id, name } of workspace.channels) {
    mkdirSync(join(folder, name));
    const messages = workspace.messages.filter(({ channel }) => channel === id);
    const days = Map.groupBy(messages, ({ ts }) => new Date(Number(ts) * 1_000).toISOString().slice(0, 10));
    for (const [day, ofDay] of days) {
      const exported = ofDay.map((message) => ({
        ...viewMessage(workspace, message),
        ...(withMetadata && message.metadata && { metadata: message.metadata }),
      }));
      writeFileSync(join(folder, name, `${day}.json`), JSON.stringify(exported, null, 2));
    }
  }
  return folder;
}
