import { setTimeout as wait } from 'node:timers/promises';
import type { SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../../requests/ports.ts';
import { isObject } from './slack-body.ts';

type Client = SocketModeReceiver['client'];

/** The time limit for closing a socket. After that it is abandoned. */
export const closeWithinMs = 2_000;

/** The WebSocket was opened, but Slack did not send `hello`. */
class NotGreetedError extends Error {
  override name = 'NotGreetedError';
}

/**
 * Opens a connection and returns a promise of its end. Rejects if the connection cannot be opened, after cleaning up.
 * `helloWithinMs` counts from the start of opening the WebSocket: the client itself waits for `hello` without a limit.
 */
export async function openConnection(client: Client, helloWithinMs: number): Promise<{ ended: Promise<void> }> {
  const { promise: ended, resolve: onEnd } = Promise.withResolvers<void>();
  const hello = createHelloTimeout(client, helloWithinMs);
  client.once('disconnected', onEnd);
  try {
    await Promise.race([client.start(), hello.timedOut]);
    return { ended };
  } catch (error) {
    client.removeListener('disconnected', onEnd);
    if (error instanceof NotGreetedError) await abandon(client);
    throw error;
  } finally {
    hello.stop();
  }
}

/** Starts with the WebSocket: the call for its address has a time limit of its own, and a rate limit may postpone it. */
function createHelloTimeout(client: Client, mostMs: number) {
  const { promise: timedOut, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => reject(new NotGreetedError(`no hello within ${mostMs} ms`)), mostMs);
  };
  client.once('connecting', begin);
  return {
    timedOut,
    stop() {
      clearTimeout(timer);
      client.removeListener('connecting', begin);
    },
  };
}

/** The client terminates a socket on the second `disconnect`, if it did not close after the first. */
async function abandon(client: Client): Promise<void> {
  const closed = client.disconnect().then(() => true);
  const inTime = await Promise.race([closed, wait(closeWithinMs, false, { ref: false })]);
  if (!inTime) await client.disconnect();
}

/** Frames about the connection itself. All others are envelopes with a payload. */
const withoutPayload: ReadonlySet<unknown> = new Set(['hello', 'disconnect']);

/**
 * Wraps the client's own listener. That one does not check the shape of a frame, and nobody handles its rejection, which
 * would end the process. Contents are not logged: they include reply addresses.
 */
export function guardFrames(client: SocketModeReceiver['client'], log: Log): void {
  const own = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', async (data: unknown, isBinary: unknown) => {
    if (!isWellFormed(data)) return log.warn({}, 'Slack sent a frame that cannot be understood; it is ignored');
    try {
      await Promise.all(own.map((listener) => listener.call(client, data, isBinary)));
    } catch (error) {
      log.error({ err: error }, 'a frame from Slack could not be processed');
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
