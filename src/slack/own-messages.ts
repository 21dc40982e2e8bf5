import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { isAway } from '../requests/passing.ts';
import type { Found } from '../requests/ports.ts';
import { troubleOf } from './slack-error.ts';

const pageSize = 200;

/** Clocks differ: how long before the request's own time its message may seem to be. */
const clockSkewSeconds = 60;

const page = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      user: z.string().optional(),
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

/** Finds a message of the bot's own by its metadata. Another app's message with the same metadata is not ours. */
export async function findOwn(client: webApi.WebClient, botUserId: string, wanted: Wanted): Promise<Found> {
  try {
    let cursor: string | undefined;
    do {
      const { messages, response_metadata } = page.parse(await read(client, wanted, cursor));
      const own = messages.find((message) => message.user === botUserId && matches(message.metadata, wanted));
      if (own !== undefined) return { kind: 'found', ts: own.ts };
      cursor = response_metadata?.next_cursor || undefined;
    } while (cursor !== undefined);
    return { kind: 'absent' };
  } catch (error) {
    return whyNot(error);
  }
}

function read(client: webApi.WebClient, { channel, thread, since }: Wanted, cursor: string | undefined) {
  const oldest = String(Math.floor(since / 1000) - clockSkewSeconds);
  const options = { channel, oldest, limit: pageSize, include_all_metadata: true, ...(cursor && { cursor }) };
  return thread === null
    ? client.conversations.history(options)
    : client.conversations.replies({ ...options, ts: thread });
}

type Metadata = { event_type: string; event_payload: Record<string, unknown> } | undefined;

function matches(metadata: Metadata, { eventType, requestId }: Wanted): boolean {
  return metadata?.event_type === eventType && metadata.event_payload.request_id === requestId;
}

function whyNot(error: unknown): Found {
  const trouble = troubleOf(error);
  const passes = trouble.kind !== 'refused' || isAway(trouble.reason);
  return { kind: passes ? 'unreachable' : 'unknowable' };
}
