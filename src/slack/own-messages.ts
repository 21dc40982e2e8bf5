import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { HistoryUnavailable, MessageSearch } from '../requests/attempt-results.ts';
import { isSlackUnavailable } from '../requests/retry-policy.ts';
import { classifySlackError, platformError } from './slack-error.ts';

const pageSize = 200;

/** Clocks differ: a request's message can have a time up to this long before the request's own. */
const clockSkewSeconds = 60;

const page = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      user: z.string().optional(),
      edited: z.object({ ts: z.string() }).optional().catch(undefined),
      thread_ts: z.string().optional(),
      subtype: z.string().optional(),
      metadata: z
        .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
        .optional()
        .catch(undefined),
    }),
  ),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

export type OwnMessage = z.output<typeof page>['messages'][number];

/** A channel's history, or one thread. */
export type HistoryScope = {
  readonly channel: string;
  readonly thread: string | null;
  /** Milliseconds since the epoch: older messages are not read, except the root message of a thread. Null: no limit. */
  readonly since: number | null;
};

/** Which message to search for, and where. */
export type MessageQuery = HistoryScope & MessageIdentity;
/** `call`, `number`: which of several messages of that type. */
type MessageIdentity = {
  readonly eventType: string;
  readonly requestId: string;
  readonly call?: string;
  readonly number?: number;
};

/** Finds one of the bot's own messages by its metadata. Another app's message with the same metadata does not count. */
export function findOwn(client: webApi.WebClient, botUserId: string, query: MessageQuery): Promise<MessageSearch> {
  return findMessage(client, query, (message) => message.user === botUserId && matches(message, query));
}

/** Slack posts a reply to a deleted message in the channel itself, so the channel is searched as well. */
export async function findMessage(
  client: webApi.WebClient,
  where: HistoryScope,
  isIt: (message: OwnMessage) => boolean,
): Promise<MessageSearch> {
  try {
    const { thread } = where;
    const inThread = thread === null ? null : await findInThread(client, { ...where, thread }, isIt);
    return inThread ?? (await findInChannel(client, where, isIt));
  } catch (error) {
    return { kind: historyUnavailable(error).kind };
  }
}

/** Null if the root message of the thread was deleted. */
async function findInThread(
  client: webApi.WebClient,
  where: HistoryScope & { readonly thread: string },
  isIt: (message: OwnMessage) => boolean,
): Promise<MessageSearch | null> {
  let rootExists = false;
  try {
    for await (const messages of pages(client, where)) {
      const own = messages.find(isIt);
      if (own !== undefined) return { kind: 'found', ts: own.ts };
      rootExists ||= messages.some(({ ts, subtype }) => ts === where.thread && subtype !== 'tombstone');
    }
  } catch (error) {
    if (platformError(error) !== 'thread_not_found') throw error;
  }
  return rootExists ? { kind: 'absent' } : null;
}

async function findInChannel(
  client: webApi.WebClient,
  where: HistoryScope,
  isIt: (message: OwnMessage) => boolean,
): Promise<MessageSearch> {
  for await (const messages of pages(client, { ...where, thread: null })) {
    const own = messages.find(isIt);
    if (own === undefined) continue;
    const unthreaded = where.thread !== null && own.thread_ts === undefined;
    return { kind: 'found', ts: own.ts, ...(unthreaded && { unthreaded }) };
  }
  return { kind: 'absent' };
}

/** The bot's own messages in a channel or thread. */
export async function* ownMessages(
  client: webApi.WebClient,
  botUserId: string,
  where: HistoryScope,
): AsyncGenerator<OwnMessage> {
  for await (const messages of pages(client, where)) yield* messages.filter(({ user }) => user === botUserId);
}

/** The bot's own messages on the newest page of a channel. */
export async function newestOwn(
  client: webApi.WebClient,
  botUserId: string,
  channel: string,
): Promise<readonly OwnMessage[]> {
  for await (const messages of pages(client, { channel, thread: null, since: null })) {
    return messages.filter(({ user }) => user === botUserId);
  }
  return [];
}

async function* pages(client: webApi.WebClient, where: HistoryScope): AsyncGenerator<readonly OwnMessage[]> {
  let cursor: string | undefined;
  do {
    const { messages, response_metadata } = page.parse(await read(client, where, cursor));
    yield messages;
    cursor = response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined);
}

export function matches({ metadata }: OwnMessage, { eventType, requestId, call, number }: MessageIdentity): boolean {
  if (metadata?.event_type !== eventType || metadata.event_payload.request_id !== requestId) return false;
  if (number !== undefined && metadata.event_payload.number !== number) return false;
  return call === undefined || metadata.event_payload.call === call;
}

function read(client: webApi.WebClient, { channel, thread, since }: HistoryScope, cursor: string | undefined) {
  const oldest = since === null ? {} : { oldest: String(Math.floor(since / 1000) - clockSkewSeconds) };
  const options = { channel, ...oldest, limit: pageSize, include_all_metadata: true, ...(cursor && { cursor }) };
  return thread === null
    ? client.conversations.history(options)
    : client.conversations.replies({ ...options, ts: thread });
}

/** Why a history could not be read. */
export function historyUnavailable(error: unknown): HistoryUnavailable {
  const failure = classifySlackError(error);
  const isTransient = failure.kind !== 'refused' || isSlackUnavailable(failure.reason);
  if (!isTransient) return { kind: 'unknowable' };
  return { kind: 'unreachable', retryAfterMs: failure.kind === 'rate_limited' ? failure.retryAfterMs : 0 };
}
