import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';

const mostConnections = 500;

/** What is late is looked for once a second, so a request has ten seconds in all. */
const times = {
  headersTimeout: 9_000,
  requestTimeout: 9_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
};

/** For who does not read the answer. The bot's own answers take three seconds at the most. */
const idleTimeoutMs = 15_000;

export type LimitedServer = {
  readonly server: Server;
  /** A connection that brought something genuine is not closed to make room, as long as there are others. */
  trust(socket: Socket): void;
};

/**
 * A server that nobody can fill. A new connection takes the place of the oldest one that is not trusted: refusing
 * the new one instead would let whoever opens enough of them keep Slack out.
 */
export function createLimitedServer(listener: RequestListener, limit = mostConnections): LimitedServer {
  const server = createServer(times, listener);
  server.setTimeout(idleTimeoutMs);
  const open = new Set<Socket>();
  const trusted = new WeakSet<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    if (open.size > limit) oldest(open, trusted)?.destroy();
  });
  return { server, trust: (socket) => void trusted.add(socket) };
}

function oldest(open: ReadonlySet<Socket>, trusted: WeakSet<Socket>): Socket | undefined {
  return open.values().find((socket) => !socket.destroyed && !trusted.has(socket));
}
