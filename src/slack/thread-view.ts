import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { SeenCheckpoint } from '../requests/ledger/log/log-event.ts';
import { keptCheckpoint } from '../requests/ledger/log/witness-lines.ts';
import {
  type AnnouncementState,
  announcementStates,
  isOutcome,
  outcomes,
  type State,
  states,
} from '../requests/outcome.ts';
import type { PostedRequest, RecentPosts, ThreadView } from '../requests/ports.ts';
import { listedItems } from './item-list.ts';
import { emergencyIn } from './messages/emergency.ts';
import { metadataTypes } from './names.ts';
import {
  type HistoryScope,
  historyUnavailable,
  matches,
  newestOwn,
  type OwnMessage,
  ownMessages,
} from './own-messages.ts';
import { platformError } from './slack-error.ts';

type Read = Extract<ThreadView, { kind: 'read' }>;

const announcementPayload = z.object({ state: z.enum(announcementStates).nullable().catch(null) });

const outcomePayload = z.object({ outcome: z.enum(outcomes), digest: z.string().nullable().catch(null) });

/** The metadata of a message that names a request and its digest. */
const digestPayload = z.object({ request_id: z.string(), digest: z.string() });

/** The metadata of a message that carries a checkpoint. */
const checkpointPayload = z.object({ checkpoint: z.string() });

/**
 * What the channel shows of a request.
 *
 * @param where its thread, or the channel in which its announcement is searched for
 */
export async function readThread(
  client: webApi.WebClient,
  botUserId: string,
  where: HistoryScope,
  requestId: string,
): Promise<ThreadView> {
  const shown: { -readonly [Part in keyof Read]: Read[Part] } = {
    kind: 'read',
    announcement: null,
    outcome: null,
    followUp: null,
  };
  const is = (message: OwnMessage, eventType: string) => matches(message, { eventType, requestId });
  try {
    const thread = where.thread ?? (await findAnnouncement());
    if (thread === null) return shown;
    await collect(thread).catch((error) => {
      if (platformError(error) !== 'thread_not_found') throw error;
    });
    // Slack posts replies to a deleted message in the channel itself.
    if (shown.announcement === null && shown.outcome === null) await collect(null);
    return shown;
  } catch (error) {
    return historyUnavailable(error);
  }

  async function collect(thread: string | null): Promise<void> {
    for await (const message of ownMessages(client, botUserId, { ...where, thread })) {
      if (is(message, metadataTypes.announcement)) shown.announcement ??= announcementIn(message);
      if (is(message, metadataTypes.outcome)) shown.outcome ??= outcomeIn(message);
      collectItems(message);
      if (is(message, metadataTypes.followUp)) shown.followUp ??= message.ts;
      if (is(message, metadataTypes.emergency)) collectEmergency(message);
    }
  }

  /** The newest message says most. */
  function collectEmergency({ ts, metadata }: OwnMessage): void {
    const found = emergencyIn(metadata?.event_payload, ts);
    if (found !== null && found.number >= (shown.emergency?.number ?? 0)) shown.emergency = found;
  }

  /** The outcome says more than the announcement, wherever it stands. */
  function collectItems(message: OwnMessage): void {
    const isOutcomeOf = is(message, metadataTypes.outcome);
    if (!isOutcomeOf && !is(message, metadataTypes.announcement)) return;
    const items = itemsIn(message);
    if (items !== null && (isOutcomeOf || shown.items === undefined)) shown.items = items;
  }

  async function findAnnouncement(): Promise<string | null> {
    for await (const message of ownMessages(client, botUserId, where)) {
      if (is(message, metadataTypes.announcement)) return message.ts;
    }
    return null;
  }
}

function announcementIn({ ts, edited, metadata }: OwnMessage): Read['announcement'] {
  const { data } = announcementPayload.safeParse(metadata?.event_payload);
  return { ts, shows: data?.state ?? null, changedAt: edited?.ts ?? ts };
}

function outcomeIn({ ts, metadata }: OwnMessage): Read['outcome'] {
  const { data } = outcomePayload.safeParse(metadata?.event_payload);
  return data === undefined ? null : { ...data, ts };
}

function itemsIn({ metadata }: OwnMessage): NonNullable<Read['items']> | null {
  const listed = listedItems(metadata?.event_payload ?? {});
  if (listed === null) return null;
  return listed.flatMap(({ request, state: shown }) => {
    const state = states.find((one) => one === shown);
    return state === undefined ? [] : [{ request, state }];
  });
}

/**
 * What the thread of a batch shows of one of its items, as if it had an announcement and an outcome of its own.
 *
 * @param batch what {@link readThread} says of the batch
 */
export function viewOfItem(batch: ThreadView, itemId: string): ThreadView {
  if (batch.kind !== 'read') return batch;
  const state = batch.items?.find(({ request }) => request === itemId)?.state ?? null;
  const { announcement, outcome } = batch;
  const isRetrying = announcement?.shows === 'retrying' && (state === 'approved' || state === 'dispatching');
  const shows = state === null ? null : isRetrying ? 'retrying' : shownAs(state);
  return {
    kind: 'read',
    announcement: announcement && { ...announcement, shows },
    outcome: state !== null && isOutcome(state) && outcome ? { outcome: state, digest: null, ts: outcome.ts } : null,
    followUp: null,
  };
}

function shownAs(state: State): AnnouncementState {
  if (isOutcome(state)) return state;
  if (state === 'scheduled') return state;
  return state === 'approved' || state === 'dispatching' ? 'approved' : 'awaiting_approval';
}

/** The requests that the bot's messages on the newest page of a channel name, and the checkpoints that they carry. */
export async function newestIn(client: webApi.WebClient, botUserId: string, channel: string): Promise<RecentPosts> {
  const requests: PostedRequest[] = [];
  const checkpoints: SeenCheckpoint[] = [];
  try {
    for (const message of await newestOwn(client, botUserId, channel)) {
      const { data } = digestPayload.safeParse(message.metadata?.event_payload);
      const kind = kinds.get(message.metadata?.event_type ?? '');
      if (kind !== undefined && data !== undefined) requests.push({ kind, id: data.request_id, digest: data.digest });
      const checkpoint = checkpointIn(message, channel);
      if (checkpoint !== null) checkpoints.push(checkpoint);
    }
    return { kind: 'read', requests, checkpoints };
  } catch (error) {
    return historyUnavailable(error);
  }
}

/** An edited message carries the checkpoint of its last edit. */
function checkpointIn({ ts, edited, metadata }: OwnMessage, channel: string): SeenCheckpoint | null {
  const { data } = checkpointPayload.safeParse(metadata?.event_payload);
  const at = Math.round(Number(edited?.ts ?? ts) * 1_000);
  const kept = data === undefined ? null : keptCheckpoint(data.checkpoint, at);
  return kept && { ...kept, where: { kind: 'channel', channel, ts } };
}

const kinds: ReadonlyMap<string, PostedRequest['kind']> = new Map([
  [metadataTypes.announcement, 'announcement'],
  [metadataTypes.outcome, 'outcome'],
]);
