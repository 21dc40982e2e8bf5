import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createLimitedServer } from './limited-server.ts';
import { type Readiness, readiness } from './readiness.ts';
import { checkSlackRequest } from './slack-request.ts';
import { type TurnedAwayReason, turnedAwayStatus } from './turned-away.ts';
import { createUnverifiedBodies } from './unverified-bodies.ts';

/** Also with the slash at its end that a proxy may add. */
const slackPath = /^\/slack\/events\/?$/;

/** What the process says of itself. */
export type Health = Readiness & { metrics(): Promise<{ contentType: string; body: string }> };

export type HttpOptions = {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly health: Health;
  readonly now: () => number;
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
export async function startHttpServer({ host, port, health, now }: HttpOptions): Promise<HttpServer> {
  let slack: SlackReceiver | null = null;
  const bodies = createUnverifiedBodies();

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (slack === null) return turnAway(response, 'not_ready');
    const checked = await checkSlackRequest(request, { signingSecret: slack.signingSecret, now, bodies });
    if (checked.kind === 'turned_away') return turnAway(response, checked.reason);
    if (checked.kind === 'gone') return;
    trust(request.socket);
    slack.requestListener(request, response);
  }

  const { server, trust } = createLimitedServer((request, response) => {
    const answered = isForSlack(request) ? receive(request, response) : tell(request, response, health);
    answered.catch(() => response.headersSent || response.writeHead(500).end());
  });
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

function isForSlack({ method, url }: IncomingMessage): boolean {
  return method === 'POST' && slackPath.test(path(url));
}

/** Closes the connection, too: whoever sent this may still be sending. */
function turnAway(response: ServerResponse, reason: TurnedAwayReason): void {
  const status = turnedAwayStatus[reason];
  response.writeHead(status, { connection: 'close', ...(status === 503 && { 'retry-after': '1' }) }).end();
}

type Told = { status: number; type: string; body: string };

async function tell(request: IncomingMessage, response: ServerResponse, health: Health): Promise<void> {
  const { status, type, body } = await told(request, health);
  response.writeHead(status, { 'content-type': type }).end(body);
}

async function told({ method, url }: IncomingMessage, health: Health): Promise<Told> {
  const text = 'text/plain; charset=utf-8';
  if (method !== 'GET' && method !== 'HEAD') return { status: 404, type: text, body: 'not found\n' };
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
