import type { SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../../requests/ports.ts';
import { isObject } from './is-object.ts';

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
    if (!isSound(data)) return log.warn({}, 'Slack sent a frame that cannot be understood; it is ignored');
    try {
      await Promise.all(own.map((listener) => listener.call(client, data, isBinary)));
    } catch (error) {
      log.error({ err: error }, 'a frame from Slack could not be taken');
    }
  });
}

function isSound(data: unknown): boolean {
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
