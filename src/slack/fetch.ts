import { getProxyForUrl } from 'proxy-from-env';
import { Agent, type Dispatcher, Pool, ProxyAgent, fetch as undiciFetch } from 'undici';
import { z } from 'zod';
import type { ClockWatch } from './clock-watch.ts';

/** What every answer of the Web API has, whatever its status. */
const slacksAnswer = z.union([
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);

/** Somebody else answered in Slack's place: a proxy, an edge, a sign-in page. Nothing of the body is kept. */
class NotSlackError extends Error {
  override name = 'NotSlackError';
}

/**
 * `fetch` for Slack's client, which takes any text for the name of an error, and any JSON for an answer. Whatever is not
 * an answer of the Web API fails here like a lost connection. Every 429 says how long to wait, in seconds: one without
 * would be an error to the client that looks like a fault of ours.
 *
 * @param usualSeconds what is said after a 429 that does not say
 * @param clock learns Slack's time from each answer of its own
 */
export function fetchFromSlack(usualSeconds: number, clock: Pick<ClockWatch, 'begin'>): typeof proxiedFetch {
  return async (input, init) => {
    const compareClocks = clock.begin();
    const response = await proxiedFetch(input, init);
    if (response.status !== 429) {
      const own = await slacksOwn(response);
      compareClocks(response.headers.get('date'));
      return own;
    }
    if (saysHowLong(response)) return response;
    await response.body?.cancel();
    return new Response(null, { status: 429, headers: { 'retry-after': String(usualSeconds) } });
  };
}

async function slacksOwn(response: Response): Promise<Response> {
  const { status, statusText, headers } = response;
  const body = await response.text();
  if (!isSlacks(body)) {
    const type = headers.get('content-type') ?? 'no type';
    throw new NotSlackError(`the answer is not Slack's: status ${status}, ${type}`);
  }
  const read = new Headers(headers);
  // The client would unpack it, or not read it as JSON, if the header said so.
  read.set('content-type', 'application/json');
  return new Response(body, { status, statusText, headers: read });
}

function isSlacks(body: string): boolean {
  try {
    return slacksAnswer.safeParse(JSON.parse(body)).success;
  } catch {
    return false;
  }
}

function saysHowLong({ headers }: Response): boolean {
  return !Number.isNaN(Number.parseInt(headers.get('retry-after') ?? '', 10));
}

/**
 * Like `fetch`, through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name for the address. Node's own `fetch`
 * takes no dispatcher of another version of undici, so undici's own is used where there is a proxy.
 */
export async function proxiedFetch(url: string | URL, init?: RequestInit): Promise<Response> {
  if (getProxyForUrl(String(url)) === '') return fetch(url, init);
  // The two declare the same standard types, each for itself.
  return undiciFetch(url, { ...init, dispatcher: proxyDispatcher() } as object) as Promise<object> as Promise<Response>;
}

let shared: Dispatcher | null = null;

/** Chooses the proxy for each origin, also for WebSockets. There is one, which keeps its connections. */
export function proxyDispatcher(): Dispatcher {
  shared ??= new Agent({
    // A WebSocket needs a connection of its own.
    allowH2: false,
    factory(origin, options) {
      const uri = getProxyForUrl(String(origin));
      // A tunnel for `http` as well: a WebSocket needs one.
      return uri === '' ? new Pool(origin, options) : new ProxyAgent({ uri, proxyTunnel: true, allowH2: false });
    },
  });
  return shared;
}

/** Whether there is a proxy for anything at all. */
export function usesProxy(): boolean {
  return ['http://proxied.invalid', 'https://proxied.invalid'].some((url) => getProxyForUrl(url) !== '');
}
