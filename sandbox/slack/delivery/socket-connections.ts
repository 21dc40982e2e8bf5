import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { failure } from '../api/answer.ts';
import { type Method, method } from '../api/method.ts';
import type { SlackContext } from '../context.ts';
import { randomId } from '../random-id.ts';

/** Why Slack closes a connection (docs.slack.dev/apis/events-api/using-socket-mode). */
export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled';

export type Connections = {
  /** `apps.connections.open` */
  open: Method;
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Rotates between several connections. */
  next: () => WebSocket | undefined;
  /** Closes the connections. With a reason, Slack announces it first and the bot closes them. */
  drop: (reason?: DisconnectReason) => void;
  refuse: (error: string | null) => void;
  /** Whether new connections get a `hello`. */
  greet: (greeting: boolean) => void;
  /** Sends any text over every connection. */
  sendRaw: (text: string) => void;
  count: () => number;
};

export type Listeners = {
  onMessage: (connection: WebSocket, text: string) => void;
  onClose: (connection: WebSocket) => void;
};

export function createConnections(context: SlackContext, listeners: Listeners): Connections {
  const server = new WebSocketServer({ noServer: true });
  const door = createDoor(context);
  let connections: WebSocket[] = [];
  let greeting = true;

  const leave = (connection: WebSocket) => {
    connections = connections.filter((each) => each !== connection);
    listeners.onClose(connection);
    context.changes.notify();
  };
  const welcome = (connection: WebSocket) => {
    connections = [...connections, connection];
    connection.on('message', (data) => listeners.onMessage(connection, data.toString()));
    connection.on('close', () => leave(connection));
    // An error is followed by a close, which is handled.
    connection.on('error', () => {});
    if (greeting) connection.send(JSON.stringify(hello(context, connections.length)));
    context.changes.notify();
  };

  return {
    open: door.open,
    refuse: door.refuse,
    upgrade: (request, socket, head) => {
      if (door.admits(request)) server.handleUpgrade(request, socket, head, welcome);
      else socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
    },
    next: () => {
      const [first, ...others] = connections;
      if (first) connections = [...others, first];
      return first;
    },
    drop: (reason) => {
      const goodbye = JSON.stringify({ type: 'disconnect', reason, debug_info: DEBUG_INFO });
      for (const connection of connections) {
        if (reason === undefined) connection.terminate();
        else connection.send(goodbye);
      }
    },
    greet: (isOn) => {
      greeting = isOn;
    },
    sendRaw: (text) => {
      for (const connection of connections) connection.send(text);
    },
    count: () => connections.length,
  };
}

type Door = Pick<Connections, 'open' | 'refuse'> & { admits: (request: IncomingMessage) => boolean };

/** Issues tickets, and accepts a connection with one. A ticket is valid once. */
function createDoor({ baseUrl }: SlackContext): Door {
  const tickets = new Set<string>();
  let refusal: string | null = null;
  const giveTicket = () => {
    if (refusal !== null) return failure(refusal);
    const ticket = randomId(18);
    tickets.add(ticket);
    return { ok: true as const, url: `${baseUrl.replace('http', 'ws')}/socket?ticket=${ticket}` };
  };
  return {
    open: method({ token: 'app', scopes: [], args: z.object({}), run: giveTicket }),
    refuse: (error) => {
      refusal = error;
    },
    admits: (request) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', baseUrl);
      return pathname === '/socket' && tickets.delete(searchParams.get('ticket') ?? '') && refusal === null;
    },
  };
}

const DEBUG_INFO = { host: 'pretend-slack', build_number: 1, approximate_connection_time: 18060 };

function hello({ workspace }: SlackContext, count: number): Record<string, unknown> {
  const connection_info = { app_id: workspace.bot.appId };
  return { type: 'hello', num_connections: count, connection_info, debug_info: DEBUG_INFO };
}
