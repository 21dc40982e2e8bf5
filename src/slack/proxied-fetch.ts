import { getProxyForUrl } from 'proxy-from-env';
import { Agent, type Dispatcher, Pool, ProxyAgent, fetch as undiciFetch } from 'undici';

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
