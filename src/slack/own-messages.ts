import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { HistoryUnavailable, MessageSearch } from '../requests/attempt-results.ts';
import { isSlackUnavailable } from '../requests/retry-policy.ts';
import { classifySlackError, platformError } from './slack-error.ts';

const pageSize = 200;

/** Clocks differ: how long before the request's own time its message may seem to be. */
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
  /** Milliseconds since the epoch; nothing older is looked at, but for the message that heads a thread. Null: everything. */
  readonly since: number | null;
};

/** Which message is looked for, by its metadata. */
export type MessageQuery = HistoryScope & MessageIdentity;
type MessageIdentity = { readonly eventType: string; readonly requestId: string };

/**
 * Finds a message of the bot's own by its metadata. Another app's message with the same metadata is not ours. Slack puts a
 * reply to a message that was deleted into the channel itself, so it is looked for there as well.
 */
export async function findOwn(
  client: webApi.WebClient,
  botUserId: string,
  wanted: MessageQuery,
): Promise<MessageSearch> {
  try {
    const { thread } = wanted;
    const inThread = thread === null ? null : await findInThread(client, botUserId, { ...wanted, thread });
    return inThread ?? (await findInChannel(client, botUserId, wanted));
  } catch (error) {
    return { kind: historyUnavailable(error).kind };
  }
}

/** Null where the message that the thread hangs on is gone. */
async function findInThread(
  client: webApi.WebClient,
  botUserId: string,
  wanted: MessageQuery & { readonly thread: string },
): Promise<MessageSearch | null> {
  let isThere = false;
  try {
    for await (const messages of pages(client, wanted)) {
      const own = messages.find((message) => isOwn(message, botUserId, wanted));
      if (own !== undefined) return { kind: 'found', ts: own.ts };
      isThere ||= messages.some(({ ts, subtype }) => ts === wanted.thread && subtype !== 'tombstone');
    }
  } catch (error) {
    if (platformError(error) !== 'thread_not_found') throw error;
  }
  return isThere ? { kind: 'absent' } : null;
}

async function findInChannel(
  client: webApi.WebClient,
  botUserId: string,
  wanted: MessageQuery,
): Promise<MessageSearch> {
  for await (const messages of pages(client, { ...wanted, thread: null })) {
    const own = messages.find((message) => isOwn(message, botUserId, wanted));
    if (own === undefined) continue;
    const unthreaded = wanted.thread !== null && own.thread_ts === undefined;
    return { kind: 'found', ts: own.ts, ...(unthreaded && { unthreaded }) };
  }
  return { kind: 'absent' };
}

/** The bot's own messages there. Another app's message with the same metadata is not ours. */
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

function isOwn(message: OwnMessage, botUserId: string, wanted: MessageIdentity): boolean {
  return message.user === botUserId && matches(message, wanted);
}

export function matches({ metadata }: OwnMessage, { eventType, requestId }: MessageIdentity): boolean {
  return metadata?.event_type === eventType && metadata.event_payload.request_id === requestId;
}

function read(client: webApi.WebClient, { channel, thread, since }: HistoryScope, cursor: string | undefined) {
  const oldest = since === null ? {} : { oldest: String(Math.floor(since / 1000) - clockSkewSeconds) };
  const options = { channel, ...oldest, limit: pageSize, include_all_metadata: true, ...(cursor && { cursor }) };
  return thread === null
    ? client.conversations.history(options)
    : client.conversations.replies({ ...options, ts: thread });
}

/** Why nothing could be read. */
export function historyUnavailable(error: unknown): HistoryUnavailable {
  const trouble = classifySlackError(error);
  const isTransient = trouble.kind !== 'refused' || isSlackUnavailable(trouble.reason);
  if (!isTransient) return { kind: 'unknowable' };
  return { kind: 'unreachable', retryAfterMs: trouble.kind === 'rate_limited' ? trouble.retryAfterMs : 0 };
}
