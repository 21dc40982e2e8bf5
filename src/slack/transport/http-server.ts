import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createLimitedServer } from './limited-server.ts';
import { type Readiness, readiness } from './readiness.ts';
import { checkSlackRequest } from './slack-request.ts';
import { type TurnedAway, type TurnedAwayDetail, type TurnedAwayReason, turnedAwayStatus } from './turned-away.ts';
import { createUnverifiedBodies } from './unverified-bodies.ts';

/** Also with the slash at its end that a proxy may add. */
const slackPath = /^\/slack\/events\/?$/;

/** What the process says of itself. */
export type Health = Readiness & { metrics(): Promise<{ contentType: string; body: string }> };

export type HttpOptions = {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Over Socket Mode nothing of Slack's is taken here. */
  readonly mode: 'http' | 'socket';
  readonly health: Health;
  readonly now: () => number;
  /** Hears of every request and connection that is not taken. */
  readonly turnedAway: TurnedAway;
};

/** Bolt's receiver, and what its requests are signed with. */
export type SlackReceiver = { readonly requestListener: RequestListener; readonly signingSecret: string };

export type HttpServer = {
  readonly port: number;
  /** From now on Slack's requests go here; until then they get 503, and Slack tells the person. */
  serveSlack(receiver: SlackReceiver): void;
  close(): Promise<void>;
};

/** The bot's HTTP side: health and metrics in both modes, and Slack's requests in HTTP mode. Rejects if it cannot listen. */
export async function startHttpServer(options: HttpOptions): Promise<HttpServer> {
  const { host, port, mode, health, now, turnedAway } = options;
  let slack: SlackReceiver | null = null;
  const bodies = createUnverifiedBodies();

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isForSlack(request)) return turnAway(request, response, 'wrong_path');
    if (mode === 'socket') return turnAway(request, response, 'wrong_mode');
    if (slack === null) return turnAway(request, response, 'not_ready');
    const checked = await checkSlackRequest(request, { signingSecret: slack.signingSecret, now, bodies });
    if (checked.kind === 'turned_away') return turnAway(request, response, checked.reason, checked.detail);
    if (checked.kind === 'gone') return;
    trust(request.socket);
    slack.requestListener(request, response);
  }

  /** Closes the connection, too: whoever sent this may still be sending. */
  function turnAway(
    request: IncomingMessage,
    response: ServerResponse,
    reason: TurnedAwayReason,
    detail: TurnedAwayDetail = {},
  ): void {
    turnedAway(reason, { from: request.socket.remoteAddress, path: path(request.url).slice(0, 100), ...detail });
    const status = turnedAwayStatus(reason);
    response.writeHead(status, { connection: 'close', ...(status === 503 && { 'retry-after': '1' }) }).end();
  }

  const { server, trust } = createLimitedServer((request, response) => {
    const answered = isQuestion(request) ? tell(request, response, health) : receive(request, response);
    answered.catch(() => response.headersSent || response.writeHead(500).end());
  }, turnedAway);
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: portOf(server),
    serveSlack(receiver) {
      slack = receiver;
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** What a monitor or a browser sends, and Slack never does. */
function isQuestion({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && headers['x-slack-signature'] === undefined;
}

function isForSlack({ method, url }: IncomingMessage): boolean {
  return method === 'POST' && slackPath.test(path(url));
}

type Told = { status: number; type: string; body: string };

async function tell(request: IncomingMessage, response: ServerResponse, health: Health): Promise<void> {
  const { status, type, body } = await told(request, health);
  response.writeHead(status, { 'content-type': type }).end(body);
}

async function told({ url }: IncomingMessage, health: Health): Promise<Told> {
  const text = 'text/plain; charset=utf-8';
  switch (path(url)) {
    case '/healthz':
      return { status: 200, type: text, body: 'ok\n' };
    case '/readyz':
      return { type: 'application/json', ...(await readiness(health)) };
    case '/metrics': {
      const { contentType, body } = await health.metrics();
      return { status: 200, type: contentType, body };
    }
    default:
      return { status: 404, type: text, body: 'not found\n' };
  }
}

function path(url: string | undefined): string {
  return (url ?? '').split('?', 1)[0] ?? '';
}
