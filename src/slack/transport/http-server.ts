import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { answerPage, type Health, type HealthPath, healthPaths, isForPages } from './health.ts';
import { createLimitedServer } from './limited-server.ts';
import { createSlackEndpoint, pathOf, type SlackEndpoint, type SlackEndpointOptions } from './slack-endpoint.ts';
import { type TurnedAway, turnAway } from './turned-away.ts';

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
