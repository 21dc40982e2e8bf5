import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { parseJson } from '../../http/message.ts';
import { waitFor } from '../changes.ts';
import type { SlackContext } from '../context.ts';
import { addMistake } from '../messages.ts';
import { type Acknowledgement, NotDeliveredError, type Seal } from './interaction.ts';
import { type Connections, createConnections } from './socket-connections.ts';

export type SocketDelivery = Connections & { seal: Seal };

type Waiting = {
  envelopeId: string;
  connection: WebSocket;
  resolve: (acknowledgement: Acknowledgement) => void;
  reject: (error: Error) => void;
};

/** Socket Mode: an interaction is sent in an envelope over a connection that the bot has opened. */
export function createSocketDelivery(context: SlackContext, timeoutMs: number): SocketDelivery {
  let waiting: Waiting[] = [];

  const remove = (entry: Waiting) => {
    waiting = waiting.filter((each) => each !== entry);
  };

  const connections = createConnections(context, {
    onMessage: (connection, text) => {
      const read = readAcknowledgement(text);
      const entry = waiting.find((each) => each.connection === connection && each.envelopeId === read?.id);
      if (!read || !entry) {
        addMistake(context, `no envelope waits for this message over the socket: ${text}`);
        return;
      }
      remove(entry);
      entry.resolve(read.acknowledgement);
    },
    onClose: (connection) => {
      for (const each of waiting.filter((one) => one.connection === connection))
        each.reject(new NotDeliveredError('The connection was closed before the acknowledgement.'));
    },
  });

  const send = async (envelopeId: string, envelope: string): Promise<Acknowledgement> => {
    const connection = await nextConnection(context, connections, timeoutMs);
    const { promise, resolve, reject } = Promise.withResolvers<Acknowledgement>();
    const entry: Waiting = { envelopeId, connection, resolve, reject };
    waiting = [...waiting, entry];
    const late = new NotDeliveredError(`The bot did not acknowledge its envelope within ${timeoutMs} ms.`);
    const timer = setTimeout(() => reject(late), timeoutMs);
    connection.send(envelope);
    return promise.finally(() => {
      clearTimeout(timer);
      remove(entry);
    });
  };

  return {
    ...connections,
    seal: ({ type, payload }) => {
      const envelopeId = randomUUID();
      const isEvent = type === 'events_api';
      const retry = isEvent ? { retry_attempt: 0, retry_reason: '' } : {};
      const envelope = JSON.stringify({
        ...{ envelope_id: envelopeId, payload, type, accepts_response_payload: !isEvent },
        ...retry,
      });
      return () => send(envelopeId, envelope);
    },
  };
}

/** Waits for a connection, because the bot may be reconnecting. */
function nextConnection({ changes, closing }: SlackContext, connections: Connections, timeoutMs: number) {
  const describe = () => 'The bot has no Socket Mode connection.';
  return waitFor({ changes, find: connections.next, timeoutMs, closing, describe }).catch((error: Error) => {
    throw new NotDeliveredError(error.message);
  });
}

const socketMessage = z.object({ envelope_id: z.string(), payload: z.record(z.string(), z.unknown()).default({}) });

/** Bolt sends an empty payload for an empty acknowledgement. */
function readAcknowledgement(text: string): { id: string; acknowledgement: Acknowledgement } | null {
  const read = socketMessage.safeParse(parseJson(text));
  if (!read.success) return null;
  const { envelope_id: id, payload } = read.data;
  const parsedBody = Object.keys(payload).length === 0 ? undefined : payload;
  return { id, acknowledgement: { status: 200, body: parsedBody ? JSON.stringify(parsedBody) : '', parsedBody } };
}
