import { setTimeout as wait } from 'node:timers/promises';
import type { SocketModeReceiver } from '@slack/bolt';

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
  const silence = createSilence(client, helloWithinMs);
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
function createSilence(client: Client, mostMs: number) {
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
