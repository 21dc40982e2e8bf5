import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { Socket } from 'node:net';
import { answerPage, type Health, type HealthPath, healthPaths, isForPages } from './health-pages.ts';
import { createSlackEndpoint, pathOf, type SlackEndpoint, type SlackEndpointOptions } from './slack-endpoint.ts';
import { type TurnedAway, type TurnedAwayReason, turnAway, turnedAwayStatus } from './turned-away.ts';

export type HttpOptions = SlackEndpointOptions & {
  readonly host: string;
  /** 0 selects a free port; the same for `metricsPort`. */
  readonly port: number;
  /** The port for metrics and readiness, which serves nothing of Slack's; null: they are on `port`. */
  readonly metricsPort: number | null;
  readonly health: Health;
};

/** The ports that are open. */
export type OpenPorts = { readonly port?: number; readonly metricsPort?: number };

export type HttpServer = {
  readonly ports: OpenPorts;
  readonly serveSlack: SlackEndpoint['serve'];
  close(): Promise<void>;
};

/** A port cannot be listened on; `cause` is the operating system's error. */
export class ListenError extends Error {
  override name = 'ListenError';
  readonly setting: 'PORT' | 'METRICS_PORT';

  constructor(setting: ListenError['setting'], cause: unknown) {
    super(`${setting} cannot be listened on`, { cause });
    this.setting = setting;
  }
}

/**
 * Starts the bot's HTTP servers: health, metrics, and Slack's requests in HTTP mode. With a port for the metrics, the other
 * port serves only Slack's requests and /healthz; in Socket Mode it is not opened.
 * Rejects with a ListenError.
 */
export async function startHttpServer(options: HttpOptions): Promise<HttpServer> {
  const { port, metricsPort, mode } = options;
  const slack = createSlackEndpoint(options);
  await using opened = new AsyncDisposableStack();
  const open = async (site: PortContents) => portOf(opened.adopt(await listen(site, options), close));
  const main: PortContents = { setting: 'PORT', port, pages: metricsPort === null ? healthPaths : ['/healthz'], slack };
  const ports = {
    ...((metricsPort === null || mode === 'http') && { port: await open(main) }),
    ...(metricsPort !== null && {
      metricsPort: await open({ setting: 'METRICS_PORT', port: metricsPort, pages: healthPaths, slack: null }),
    }),
  };
  const servers = opened.move();
  return { ports, serveSlack: slack.serve, close: () => servers.disposeAsync() };
}

/** What is served on one port. */
type PortContents = {
  readonly setting: ListenError['setting'];
  readonly port: number;
  readonly pages: readonly HealthPath[];
  readonly slack: SlackEndpoint | null;
};

type ServerPorts = { readonly host: string; readonly health: Health; readonly turnedAway: TurnedAway };

async function listen(
  { setting, port, pages, slack }: PortContents,
  { host, health, turnedAway }: ServerPorts,
): Promise<Server> {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    const page = pages.find((one) => one === path) ?? null;
    if (isForPages(request)) return answerPage(response, page, health);
    if (slack === null) return turnAway({ request, response, turnedAway }, 'wrong_path', { path: path.slice(0, 100) });
    await slack.take(request, response, () => trust(request.socket));
  }

  const { server, trust } = createLimitedServer((request, response) => {
    answer(request, response).catch(() => response.headersSent || response.writeHead(500).end());
  }, turnedAway);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new ListenError(setting, error);
  }
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function close(server: Server): void {
  server.close();
  server.closeAllConnections();
}

const mostConnections = 500;

const limits = {
  /** For a body that is not read. */
  highWaterMark: 16 * 1024,
  /** Late requests are detected once a second, so a request has ten seconds in all. */
  headersTimeout: 9_000,
  requestTimeout: 9_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 16 * 1024,
  /** Otherwise Node answers such requests itself, and they are neither counted nor logged. */
  requireHostHeader: false,
};

/** The time limit for clients that do not read the answer. The bot's own answers take three seconds at most. */
const idleTimeoutMs = 15_000;

export type LimitedServer = {
  readonly server: Server;
  /** Marks a connection that brought a verified request: it is not closed to make room. */
  trust(socket: Socket): void;
};

/**
 * Creates a server with a limit on its connections. A new connection replaces the oldest one that is not trusted. If new
 * ones were refused instead, a client with enough connections could keep Slack out.
 */
export function createLimitedServer(
  listener: RequestListener,
  turnedAway: TurnedAway,
  limit = mostConnections,
): LimitedServer {
  const server = createServer(limits, listener);
  server.setTimeout(idleTimeoutMs);
  // Otherwise Node asks for the body before the signature headers are checked, and answers other expectations itself.
  server.on('checkContinue', listener);
  server.on('checkExpectation', listener);
  const open = new Set<Socket>();
  const trusted = new WeakSet<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    const displaced = open.size > limit ? oldestUntrusted(open, trusted) : undefined;
    if (displaced === undefined) return;
    turnedAway('too_many', { from: displaced.remoteAddress });
    displaced.destroy();
  });
  server.on('clientError', (error, socket) => {
    if (socket instanceof Socket) endBroken(socket, reasonOf(error), turnedAway);
  });
  return { server, trust: (socket) => void trusted.add(socket) };
}

function oldestUntrusted(open: ReadonlySet<Socket>, trusted: WeakSet<Socket>): Socket | undefined {
  return open.values().find((socket) => !socket.destroyed && !trusted.has(socket));
}

/** Why Node's parser failed; null: the connection broke. */
function reasonOf(error: NodeJS.ErrnoException): TurnedAwayReason | null {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'too_slow';
  if (error.code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  const isMalformed = error.code?.startsWith('HPE_') && error.code !== 'HPE_INVALID_EOF_STATE';
  return isMalformed ? 'bad_request' : null;
}

/** Closes a failed connection. One that never received a byte is not counted as a request. */
function endBroken(socket: Socket, reason: TurnedAwayReason | null, turnedAway: TurnedAway): void {
  if (reason === null) return void socket.destroy();
  if (socket.bytesRead > 0) turnedAway(reason, { from: socket.remoteAddress });
  // The answer to an earlier request may still be in transmission.
  if (!socket.writable || socket.bytesWritten > 0) return void socket.destroy();
  const status = turnedAwayStatus(reason);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\n\r\n`, () => socket.destroy());
}
