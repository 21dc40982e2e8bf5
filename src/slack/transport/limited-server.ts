import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import { type TurnedAway, type TurnedAwayReason, turnedAwayStatus } from './turned-away.ts';

const mostConnections = 500;

const limits = {
  /** Of a body that nobody reads. */
  highWaterMark: 16 * 1024,
  /** What is late is looked for once a second, so a request has ten seconds in all. */
  headersTimeout: 9_000,
  requestTimeout: 9_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 16 * 1024,
  /** Node would answer this itself, neither counted nor logged. */
  requireHostHeader: false,
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
export function createLimitedServer(
  listener: RequestListener,
  turnedAway: TurnedAway,
  limit = mostConnections,
): LimitedServer {
  const server = createServer(limits, listener);
  server.setTimeout(idleTimeoutMs);
  // Node would invite a body before its signature headers are checked, and answer other expectations itself.
  server.on('checkContinue', listener);
  server.on('checkExpectation', listener);
  const open = new Set<Socket>();
  const trusted = new WeakSet<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    const displaced = open.size > limit ? oldest(open, trusted) : undefined;
    if (displaced === undefined) return;
    turnedAway('too_many', { from: displaced.remoteAddress });
    displaced.destroy();
  });
  server.on('clientError', (error, socket) => {
    if (socket instanceof Socket) endBroken(socket, reasonOf(error), turnedAway);
  });
  return { server, trust: (socket) => void trusted.add(socket) };
}

function oldest(open: ReadonlySet<Socket>, trusted: WeakSet<Socket>): Socket | undefined {
  return open.values().find((socket) => !socket.destroyed && !trusted.has(socket));
}

/** What Node's parser gave up on; null: the connection broke. */
function reasonOf(error: NodeJS.ErrnoException): TurnedAwayReason | null {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'too_slow';
  if (error.code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  const isMalformed = error.code?.startsWith('HPE_') && error.code !== 'HPE_INVALID_EOF_STATE';
  return isMalformed ? 'bad_request' : null;
}

/** A connection over which nothing ever came is no request. */
function endBroken(socket: Socket, reason: TurnedAwayReason | null, turnedAway: TurnedAway): void {
  if (reason === null) return void socket.destroy();
  if (socket.bytesRead > 0) turnedAway(reason, { from: socket.remoteAddress });
  // An answer to an earlier request may still be on its way.
  if (!socket.writable || socket.bytesWritten > 0) return void socket.destroy();
  const status = turnedAwayStatus(reason);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\n\r\n`, () => socket.destroy());
}
