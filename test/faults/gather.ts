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
import { isOfOrganization, outboxOf, termsOf } from '../../src/requests/ledger/watches/watch-rows.ts';
import { limits } from '../../src/requests/retry-policy.ts';
import { isEmpty } from '../../src/requests/watches/outbox.ts';
import { metadataTypes } from '../../src/slack/names.ts';
import type { Page } from './direct-messages.ts';
import type { ArrivedCommand, Evidence, SaidMessage, WatchAlert, WatchOnRecord } from './evidence.ts';
import { isToldOf } from './watching.ts';
import type { World } from './world.ts';

/**
 * Waits until only probes are due, and collects the evidence.
 *
 * @param meanwhile called again and again while it waits
 */
export async function gather(world: World, withinMs: number, meanwhile = async () => {}): Promise<Evidence> {
  const engine = openToRead(world.database);
  try {
    await settled(engine, withinMs, world, meanwhile);
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
      decisions: toldAsRecorded(world),
      requests,
      logFlaws: logProblems.map(({ kind }) => kind),
      unsealed: Number(unsealed),
      commands: world.campaign.posts().map((request) => arrived(request, world.clockAt)),
      messages: [...mine.flatMap(said), ...world.pages.map(paged)],
      toldPrivately: [...privateReplies, ...mine.filter(isDirect)].map(({ text }) => text),
      members: new Map(world.slack.workspace.groups.map(({ id, users }) => [id, users])),
      watched: world.watched,
      watches: await watchesIn(engine, world),
      alerts: mine.flatMap(alertIn),
      idleMs: engine.isShared ? 4 * limits.lease.ms : limits.lease.ms + 10_000,
      until: world.clockAt(Date.now()),
    };
  } finally {
    await engine.close();
  }
}

function toldAsRecorded({ decisions, slack }: World): Evidence['decisions'] {
  const told = slack.workspace.privateReplies.filter(({ text }) => text.includes('Recorded your '));
  const urls = new Set(told.map(({ responseUrl }) => responseUrl));
  return decisions.filter(({ responseUrl }) => urls.has(responseUrl));
}

/** Reminders of pauses and of reviews are due at least forty minutes later; one in doubt is tried again sooner. */
const soonMs = 60_000;

/** Tasks that are still due after this time appear in the evidence, and what a watch has not told. */
async function settled(engine: Engine, withinMs: number, world: World, meanwhile: () => Promise<void>): Promise<void> {
  for (const until = Date.now() + withinMs; Date.now() < until; await wait(200)) {
    const { rows } = await sql<{ due: number }>`select count(*) as due from tasks
      where task <> 'follow' and (task not in ('pause_reminder', 'review', 'page')
        or due_at <= ${world.clockAt(Date.now()) + soonMs})`.execute(engine.db);
    if (Number(rows[0]?.due) === 0 && (await areWatchesSettled(engine, world))) break;
    await meanwhile();
  }
  // The bots seal what was recorded last.
  await wait(sealedWithinMs);
}

/** Whether each channel shows what is known of its workflow. A typed watch whose first look was lost has nothing to tell yet. */
async function areWatchesSettled(engine: Engine, world: World): Promise<boolean> {
  const watches = await watchesIn(engine, world);
  return world.watched.every((watched) => {
    const row = watches.find(({ workflowId }) => workflowId === watched.workflowId);
    if (row === undefined || (watched.isTyped && !row.isSeen && !row.isOverdue)) return true;
    return !row.isWaiting && isToldOf(world, watched);
  });
}

const sealedWithinMs = 3_000;

function arrived(request: RecordedRequest, clockAt: World['clockAt']): ArrivedCommand {
  const { path, at, reachedCampaign } = request;
  const provablyRefused = !reachedCampaign && gatewayStatuses.has(statusOf(request));
  return { workflowId: workflowAddress(path)?.workflowId ?? '', at: clockAt(at), provablyRefused };
}

const gatewayStatuses: ReadonlySet<number | null> = new Set([401, 403, 429, 503]);

const kinds: Readonly<Record<string, SaidMessage['kind']>> = {
  [metadataTypes.announcement]: 'announcement',
  [metadataTypes.outcome]: 'outcome',
  [metadataTypes.followUp]: 'note',
  [metadataTypes.pauseReminder]: 'reminder',
  [metadataTypes.call]: 'call',
  [metadataTypes.emergency]: 'emergency',
};

function said(message: Message): readonly SaidMessage[] {
  const { metadata, threadTs, ts } = message;
  const kind = kinds[metadata?.event_type ?? ''];
  const { request_id: request, state, call, number } = metadata?.event_payload ?? {};
  if (kind === undefined || typeof request !== 'string') return [];
  const where = isDirect(message) ? 'direct' : threadTs === null ? 'channel' : 'thread';
  const shows = kind === 'announcement' ? String(state) : null;
  const part = kind === 'call' ? String(call) : kind === 'emergency' ? String(number) : null;
  return [{ kind, request, where, at: Number(ts) * 1_000, shows, part }];
}

function paged({ kind, request, person, message }: Page): SaidMessage {
  return {
    kind: kind === 'question' ? 'page' : 'emergency page',
    request,
    where: 'direct',
    at: Number(message.ts) * 1_000,
    shows: null,
    part: person,
  };
}

function isDirect({ channel }: Message): boolean {
  return channel.startsWith('D');
}

/** Of workflows: that Campaign answers no look is told of the organization, where no bot is killed. */
function alertIn({ channel, metadata }: Message): readonly WatchAlert[] {
  if (metadata?.event_type !== metadataTypes.watch) return [];
  const { workflow_id, alert, reply, state } = metadata.event_payload;
  return [
    { workflowId: String(workflow_id), channel, alert: Number(alert), reply: Number(reply), shows: String(state) },
  ];
}

async function watchesIn({ db }: Engine, { clockAt }: World): Promise<readonly WatchOnRecord[]> {
  const rows = await db
    .selectFrom('watches')
    .leftJoin('watched', 'watched.key', 'watches.key')
    .select(['watches.key', 'watches.channel', 'watches.terms', 'watches.outbox'])
    .select(['watched.reading', 'watched.due_at'])
    .execute();
  return rows
    .filter((row) => !isOfOrganization(row))
    .map((row) => ({
      ...{ workflowId: termsOf(row).workflowId, channel: row.channel },
      isSeen: row.reading !== null,
      isOverdue: Number(row.due_at ?? 0) < clockAt(Date.now()) - overdueMs,
      isWaiting: !isEmpty(outboxOf(row)),
    }));
}

/** Longer than the lease of a look. */
const overdueMs = 90_000;
