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
  /** 0 takes a free port; so does `metricsPort`. */
  readonly port: number;
  /** Where metrics and readiness are, and nothing of Slack's; null: on `port`. */
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

/** A port that cannot be listened on; `cause` is what the operating system says. */
export class ListenError extends Error {
  override name = 'ListenError';
  readonly setting: 'PORT' | 'METRICS_PORT';

  constructor(setting: ListenError['setting'], cause: unknown) {
    super(`${setting} cannot be listened on`, { cause });
    this.setting = setting;
  }
}

/**
 * The bot's HTTP side: health and metrics, and Slack's requests in HTTP mode. With a port for the metrics, the other one has
 * only what comes from outside: Slack's requests and /healthz. In Socket Mode that is nothing, and it stays closed.
 * Rejects with a ListenError.
 */
export async function startHttpServer(options: HttpOptions): Promise<HttpServer> {
  const { port, metricsPort, mode } = options;
  const slack = createSlackEndpoint(options);
  await using opened = new AsyncDisposableStack();
  const open = async (site: Site) => portOf(opened.adopt(await listen(site, options), close));
  const main: Site = { setting: 'PORT', port, pages: metricsPort === null ? healthPaths : ['/healthz'], slack };
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
type Site = {
  readonly setting: ListenError['setting'];
  readonly port: number;
  readonly pages: readonly HealthPath[];
  readonly slack: SlackEndpoint | null;
};

type Needs = { readonly host: string; readonly health: Health; readonly turnedAway: TurnedAway };

async function listen({ setting, port, pages, slack }: Site, { host, health, turnedAway }: Needs): Promise<Server> {
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
