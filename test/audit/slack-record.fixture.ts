import { copyFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { PretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { alice, bob, type Conversation, conversation, gina, ops, requestId } from '../e2e/people.ts';
import { newLedgerPath } from '../requests/scene/ledger-path.fixture.ts';
import { type Ended, runAudit } from './run-audit.ts';

/** What the real bot has recorded and posted. It has ended. */
export type SlackRecord = {
  readonly sandbox: Sandbox;
  readonly slack: PretendSlack;
  /** Announcements of a confirmed stop, an accepted pause, a rejected start, a cancelled stop, and an open one. */
  readonly stop: Message;
  readonly pause: Message;
  readonly rejected: Message;
  readonly cancelled: Message;
  readonly open: Message;
};

/** Plays all of that, and ends the bot. */
export async function playRecord(options: Partial<Parameters<typeof startSandbox>[0]> = {}): Promise<SlackRecord> {
  const sandbox = await startSandbox({ mode: 'http', ...options });
  const talk = conversation(sandbox);
  const { slack, type, announced, press } = talk;
  chat(slack, 'Good morning!');
  await type(gina, 'stop WKF110');
  const stop = await accepted(talk, async () => {
    await type(alice, 'stop WKF110 wrong audience');
    await press(bob, await announced('WKF110', 'awaiting_approval'), 'approve');
    return announced('WKF110', 'accepted');
  });
  const pause = await accepted(talk, async () => {
    await type(alice, 'pause WKF200');
    return announced('WKF200', 'accepted');
  });
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
  return { sandbox, slack, stop, pause, rejected, cancelled, open };
}

async function accepted(talk: Conversation, ask: () => Promise<Message>): Promise<Message> {
  const announcement = await ask();
  await talk.outcome(announcement);
  await talk.followUp(announcement);
  return announcement;
}

/** Somebody writes something else in the channel. */
export function chat(slack: PretendSlack, text: string, channel = ops): Message {
  const said: Message = {
    channel,
    ts: `${(Date.now() / 1_000).toFixed(3)}999`,
    threadTs: null,
    userId: bob,
    botId: null,
    appId: null,
    text,
    blocks: [],
    metadata: null,
    replyBroadcast: false,
    edited: null,
  };
  slack.workspace.messages.push(said);
  return said;
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

/** The program with what it needs for Slack. */
export function verifySlack(
  { sandbox, slack }: Pick<SlackRecord, 'sandbox' | 'slack'>,
  args: readonly string[] = [],
  { ledger = sandbox.ledgerPath, env = {} }: { readonly ledger?: string; readonly env?: Record<string, string> } = {},
): Promise<Ended> {
  const access = { SLACK_BOT_TOKEN: slack.botToken, SLACK_API_URL: slack.apiUrl, ...env };
  return runAudit(`sqlite:${ledger}`, ['verify', '--slack', ...args], { env: access });
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

export { requestId };
