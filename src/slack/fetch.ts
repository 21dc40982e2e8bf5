import { getProxyForUrl } from 'proxy-from-env';
import { Agent, type Dispatcher, Pool, ProxyAgent, fetch as undiciFetch } from 'undici';
import { z } from 'zod';
import type { ClockWatch } from './clock-watch.ts';

/** The fields of every answer of the Web API, whatever its status. */
const webApiAnswer = z.union([
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);

/** The answer is not Slack's: a proxy, an edge server or a sign-in page answered. The body is not kept. */
export class NotSlackError extends Error {
  override name = 'NotSlackError';
  readonly status: number;

  constructor(status: number, type: string) {
    super(`the answer is not Slack's: status ${status}, ${type}`);
    this.status = status;
  }
}

/**
 * `fetch` for Slack's client, which would accept any text as an error code and any JSON as an answer. Here everything that
 * is not an answer of the Web API fails like a lost connection. Every 429 gets a `Retry-After` in seconds: without one,
 * the client throws an error that looks like a fault of ours.
 *
 * @param defaultSeconds the `Retry-After` of a 429 without one
 * @param clock gets the time from each answer of Slack
 */
export function fetchFromSlack(defaultSeconds: number, clock: Pick<ClockWatch, 'begin'>): typeof proxiedFetch {
  return async (input, init) => {
    const compareClocks = clock.begin();
    const response = await proxiedFetch(input, init);
    if (response.status !== 429) {
      const own = await slackAnswer(response);
      compareClocks(response.headers.get('date'));
      return own;
    }
    if (hasRetryAfter(response)) return response;
    await response.body?.cancel();
    return new Response(null, { status: 429, headers: { 'retry-after': String(defaultSeconds) } });
  };
}

async function slackAnswer(response: Response): Promise<Response> {
  const { status, statusText, headers } = response;
  const body = await response.text();
  if (!isWebApiAnswer(body)) {
    const type = headers.get('content-type') ?? 'no type';
    throw new NotSlackError(status, type);
  }
  const read = new Headers(headers);
  // With the original header the client might decompress the body again, or not parse it as JSON.
  read.set('content-type', 'application/json');
  return new Response(body, { status, statusText, headers: read });
}

function isWebApiAnswer(body: string): boolean {
  try {
    return webApiAnswer.safeParse(JSON.parse(body)).success;
  } catch {
    return false;
  }
}

function hasRetryAfter({ headers }: Response): boolean {
  return !Number.isNaN(Number.parseInt(headers.get('retry-after') ?? '', 10));
}

/**
 * Like `fetch`, through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY set for the address. Node's `fetch` accepts no
 * dispatcher of another undici version, so undici's own `fetch` is used if there is a proxy.
 */
export async function proxiedFetch(url: string | URL, init?: RequestInit): Promise<Response> {
  if (getProxyForUrl(String(url)) === '') return fetch(url, init);
  // Both declare the same standard types separately.
  return undiciFetch(url, { ...init, dispatcher: proxyDispatcher() } as object) as Promise<object> as Promise<Response>;
}

let shared: Dispatcher | null = null;

/** Chooses the proxy for each origin, also for WebSockets. The dispatcher is shared, so its connections are reused. */
export function proxyDispatcher(): Dispatcher {
  shared ??= new Agent({
    // A WebSocket needs a connection of its own.
    allowH2: false,
    factory(origin, options) {
      const uri = getProxyForUrl(String(origin));
      // Also for `http`: a WebSocket needs a tunnel.
      return uri === '' ? new Pool(origin, options) : new ProxyAgent({ uri, proxyTunnel: true, allowH2: false });
    },
  });
  return shared;
}

/** Whether a proxy is configured. */
export function usesProxy(): boolean {
  return ['http://proxied.invalid', 'https://proxied.invalid'].some((url) => getProxyForUrl(url) !== '');
}
