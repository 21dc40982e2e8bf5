import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { isAway } from '../requests/passing.ts';
import type { Found } from '../requests/ports.ts';
import { platformError, troubleOf } from './slack-error.ts';

const pageSize = 200;

/** Clocks differ: how long before the request's own time its message may seem to be. */
const clockSkewSeconds = 60;

const page = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      user: z.string().optional(),
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

/** Which message is looked for: by metadata, in a channel's history or in one thread. */
export type Wanted = {
  readonly channel: string;
  readonly thread: string | null;
  /** Milliseconds since the epoch; nothing older is looked at. */
  readonly since: number;
  readonly eventType: string;
  readonly requestId: string;
};

/**
 * Finds a message of the bot's own by its metadata. Another app's message with the same metadata is not ours. Slack puts a
 * reply to a message that was deleted into the channel itself, so it is looked for there as well.
 */
export async function findOwn(client: webApi.WebClient, botUserId: string, wanted: Wanted): Promise<Found> {
  try {
    const { thread } = wanted;
    const inThread = thread === null ? null : await findInThread(client, botUserId, { ...wanted, thread });
    return inThread ?? (await findInChannel(client, botUserId, wanted));
  } catch (error) {
    return whyNot(error);
  }
}

/** Null where the message that the thread hangs on is gone. */
async function findInThread(
  client: webApi.WebClient,
  botUserId: string,
  wanted: Wanted & { readonly thread: string },
): Promise<Found | null> {
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

async function findInChannel(client: webApi.WebClient, botUserId: string, wanted: Wanted): Promise<Found> {
  for await (const messages of pages(client, { ...wanted, thread: null })) {
    const own = messages.find((message) => isOwn(message, botUserId, wanted));
    if (own === undefined) continue;
    const unthreaded = wanted.thread !== null && own.thread_ts === undefined;
    return { kind: 'found', ts: own.ts, ...(unthreaded && { unthreaded }) };
  }
  return { kind: 'absent' };
}

type Message = z.output<typeof page>['messages'][number];

async function* pages(client: webApi.WebClient, wanted: Wanted): AsyncGenerator<readonly Message[]> {
  let cursor: string | undefined;
  do {
    const { messages, response_metadata } = page.parse(await read(client, wanted, cursor));
    yield messages;
    cursor = response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined);
}

function isOwn({ user, metadata }: Message, botUserId: string, { eventType, requestId }: Wanted): boolean {
  return user === botUserId && metadata?.event_type === eventType && metadata.event_payload.request_id === requestId;
}

function read(client: webApi.WebClient, { channel, thread, since }: Wanted, cursor: string | undefined) {
  const oldest = String(Math.floor(since / 1000) - clockSkewSeconds);
  const options = { channel, oldest, limit: pageSize, include_all_metadata: true, ...(cursor && { cursor }) };
  return thread === null
    ? client.conversations.history(options)
    : client.conversations.replies({ ...options, ts: thread });
}

function whyNot(error: unknown): Found {
  const trouble = troubleOf(error);
  const passes = trouble.kind !== 'refused' || isAway(trouble.reason);
  return { kind: passes ? 'unreachable' : 'unknowable' };
}
