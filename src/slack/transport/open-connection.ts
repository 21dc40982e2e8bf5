import { setTimeout as wait } from 'node:timers/promises';
import type { SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../../requests/ports.ts';
import { isObject } from './slack-body.ts';

type Client = SocketModeReceiver['client'];

/** A socket that does not answer its closing is left behind. */
export const closeWithinMs = 2_000;

/** The WebSocket was opened, and Slack never said `hello` over it. */
class NotGreetedError extends Error {
  override name = 'NotGreetedError';
}

/**
 * Opens a connection. Gives a promise of its end; rejects when there is none, and leaves nothing of the attempt behind.
 * `helloWithinMs` counts from when the WebSocket is being opened: the client itself would wait for the greeting for ever.
 */
export async function openConnection(client: Client, helloWithinMs: number): Promise<{ ended: Promise<void> }> {
  const { promise: ended, resolve: onEnd } = Promise.withResolvers<void>();
  const silence = createHelloTimeout(client, helloWithinMs);
  client.once('disconnected', onEnd);
  try {
    await Promise.race([client.start(), silence.lasted]);
    return { ended };
  } catch (error) {
    client.removeListener('disconnected', onEnd);
    if (error instanceof NotGreetedError) await abandon(client);
    throw error;
  } finally {
    silence.stop();
  }
}

/** Asking Slack for the WebSocket's address has a time-out of its own, and may be put off by a rate limit. */
function createHelloTimeout(client: Client, mostMs: number) {
  const { promise: lasted, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => reject(new NotGreetedError(`no hello within ${mostMs} ms`)), mostMs);
  };
  client.once('connecting', begin);
  return {
    lasted,
    stop() {
      clearTimeout(timer);
      client.removeListener('connecting', begin);
    },
  };
}

/** The client cuts off at the second time of asking what did not answer its closing at the first. */
async function abandon(client: Client): Promise<void> {
  const closed = client.disconnect().then(() => true);
  const inTime = await Promise.race([closed, wait(closeWithinMs, false, { ref: false })]);
  if (!inTime) await client.disconnect();
}

/** Frames about the connection itself; all others are envelopes. */
const withoutPayload: ReadonlySet<unknown> = new Set(['hello', 'disconnect']);

/**
 * Stands before the client's own listener, which takes the shape of a frame for granted and whose rejection, which
 * nobody awaits, would end the process. The log gets no content: it holds reply addresses.
 */
export function guardFrames(client: SocketModeReceiver['client'], log: Log): void {
  const own = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', async (data: unknown, isBinary: unknown) => {
    if (!isWellFormed(data)) return log.warn({}, 'Slack sent a frame that cannot be understood; it is ignored');
    try {
      await Promise.all(own.map((listener) => listener.call(client, data, isBinary)));
    } catch (error) {
      log.error({ err: error }, 'a frame from Slack could not be taken');
    }
  });
}

function isWellFormed(data: unknown): boolean {
  const frame = typeof data === 'string' ? parsed(data) : null;
  return isObject(frame) && (withoutPayload.has(frame.type) || isObject(frame.payload));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
