import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type Readiness, readiness } from './readiness.ts';
import { takeBody } from './slack-body.ts';

/** Slack: "a signature more than five minutes old is a replay"; one from the future is no better. */
const mostAgeSeconds = 300;

/** Slack's payloads are a few kilobytes. */
const bodyLimitBytes = 1_000_000;

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

export type HttpServer = {
  readonly port: number;
  /** From now on Slack's requests go here; until then they get 503, and Slack tells the person. */
  serveSlack(listener: RequestListener): void;
  close(): Promise<void>;
};

/** The bot's HTTP side: health and metrics in both modes, and Slack's requests in HTTP mode. Rejects if it cannot listen. */
export async function startHttpServer(options: HttpOptions): Promise<HttpServer> {
  let slack: RequestListener | null = null;
  const server = createServer((request, response) => {
    const answered = isForSlack(request)
      ? receive(request, response, slack, options.now)
      : tell(request, response, options.health);
    answered.catch(() => response.headersSent || response.writeHead(500).end());
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: portOf(server),
    serveSlack(listener) {
      slack = listener;
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

/** The age is checked here, both ways, and whether the body can be read; the receiver behind it checks the signature. */
async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  slack: RequestListener | null,
  now: () => number,
): Promise<void> {
  const turnAway = (status: number) => void response.writeHead(status, { connection: 'close' }).end();
  if (slack === null) return turnAway(503);
  if (!isFresh(request, now())) return turnAway(401);
  asBoltExpects(request);
  const status = await takeBody(request, bodyLimitBytes);
  if (status !== null) return turnAway(status);
  slack(request, response);
}

/** Bolt compares path and type as they stand: here they lose the slash and the parameters that mean nothing. */
function asBoltExpects(request: IncomingMessage): void {
  request.url = '/slack/events';
  const [type] = (request.headers['content-type'] ?? '').split(';', 1);
  if (type) request.headers['content-type'] = type.trim().toLowerCase();
}

/** `ssl_check` comes without a timestamp, and without one nothing else is believed. */
function isFresh({ headers }: IncomingMessage, now: number): boolean {
  const timestamp = headers['x-slack-request-timestamp'];
  return timestamp === undefined || Math.abs(now / 1000 - Number(timestamp)) <= mostAgeSeconds;
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
