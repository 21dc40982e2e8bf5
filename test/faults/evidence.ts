import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { type RecordedRequest, statusOf } from '../../sandbox/campaign/recorded-request.ts';
import { workflowAddress } from '../../sandbox/campaign/workflow-address.ts';
import type { Message } from '../../sandbox/slack/workspace.ts';
import type { Engine } from '../../src/requests/ledger/engine.ts';
import { verify } from '../../src/requests/ledger/integrity.ts';
import { isUnsealed } from '../../src/requests/ledger/log/sealing.ts';
import { verifyLog } from '../../src/requests/ledger/log/verify-log.ts';
import { openToRead } from '../../src/requests/ledger/open-ledger.ts';
import type { ArrivedCommand, Evidence, SaidMessage } from './judge.ts';
import type { World } from './world.ts';

/** Waits until only probes are due, and collects the evidence. */
export async function gather(world: World, withinMs: number): Promise<Evidence> {
  const engine = openToRead(world.database);
  try {
    await settled(engine, withinMs, world.clockAt);
    const requests = await Array.fromAsync(verify(engine, null), ({ request: id, events, problems: [problem] }) => ({
      id,
      events,
      flaw: problem ?? null,
    }));
    const logProblems = await Array.fromAsync(verifyLog(engine.db, { given: [], key: null }));
    const { unsealed } = await engine.db
      .selectFrom('requests')
      .where(isUnsealed)
      .select(({ fn }) => fn.countAll<number>().as('unsealed'))
      .executeTakeFirstOrThrow();
    const { messages, privateReplies } = world.slack.workspace;
    const mine = messages.filter(({ userId }) => userId === world.slack.workspace.bot.userId);
    return {
      acknowledged: world.acknowledged,
      requests,
      logFlaws: logProblems.map(({ kind }) => kind),
      unsealed: Number(unsealed),
      commands: world.campaign.posts().map((request) => arrived(request, world.clockAt)),
      messages: mine.flatMap(said),
      toldPrivately: [...privateReplies, ...mine.filter(isDirect)].map(({ text }) => text),
    };
  } finally {
    await engine.close();
  }
}

/** Reminders of pauses are due at least forty minutes later; one in doubt is tried again sooner. */
const soonMs = 60_000;

/** Tasks that are still due after this time appear in the evidence. */
async function settled({ db }: Engine, withinMs: number, clockAt: World['clockAt']): Promise<void> {
  for (const until = Date.now() + withinMs; Date.now() < until; await wait(200)) {
    const { rows } = await sql<{ due: number }>`select count(*) as due from tasks
      where task <> 'follow' and (task <> 'pause_reminder' or due_at <= ${clockAt(Date.now()) + soonMs})`.execute(db);
    if (Number(rows[0]?.due) === 0) break;
  }
  // The bots seal what was recorded last.
  await wait(sealedWithinMs);
}

const sealedWithinMs = 3_000;

function arrived(request: RecordedRequest, clockAt: World['clockAt']): ArrivedCommand {
  const { path, at, reachedCampaign } = request;
  const provablyRefused = !reachedCampaign && gatewayStatuses.has(statusOf(request));
  return { workflowId: workflowAddress(path)?.workflowId ?? '', at: clockAt(at), provablyRefused };
}

const gatewayStatuses: ReadonlySet<number | null> = new Set([401, 403, 429, 503]);

const kinds: Readonly<Record<string, SaidMessage['kind']>> = {
  campaign_wf_request: 'announcement',
  campaign_wf_outcome: 'outcome',
  campaign_wf_note: 'note',
  campaign_wf_pause: 'reminder',
};

function said(message: Message): readonly SaidMessage[] {
  const { metadata, threadTs, ts } = message;
  const kind = kinds[metadata?.event_type ?? ''];
  const request = metadata?.event_payload.request_id;
  if (kind === undefined || typeof request !== 'string') return [];
  const where = isDirect(message) ? 'direct' : threadTs === null ? 'channel' : 'thread';
  const shows = kind === 'announcement' ? String(metadata?.event_payload.state) : null;
  return [{ kind, request, where, at: Number(ts) * 1_000, shows }];
}

function isDirect({ channel }: Message): boolean {
  return channel.startsWith('D');
}
