import type { ClientRequestArgs } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Request } from 'got';
import { HttpProxyAgent, HttpsProxyAgent } from 'hpagent';
import { getProxyForUrl } from 'proxy-from-env';

/** How a request connects, and how to tell afterwards whether its connection was ever complete. */
export type Connections = {
  readonly agent: { readonly http: http.Agent; readonly https: https.Agent };
  /** False: not a byte of the request can have left. */
  wasConnected(stream: Request): boolean;
};

// One connection for each request: a kept one may be closed by the other side just while we write.
const FRESH = { keepAlive: false, maxCachedSessions: 0 };

const DIRECT = { http: new http.Agent(FRESH), https: new https.Agent(FRESH) };

/** The host of the proxy on the way to that address, without its credentials; null where there is none. */
export function proxyHost(url: URL): string | null {
  return URL.parse(getProxyForUrl(url.href))?.host ?? null;
}

/** The status with which a proxy refused a tunnel. The agents below say it in words only. */
export function refusedTunnel(error: Error): number | null {
  const status = /^Bad response: (\d{3})$/.exec(error.message)?.[1];
  return status === undefined ? null : Number(status);
}

/** Directly, or through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name for this address. */
export function connectionsTo(url: URL, timeoutMs: number): Connections {
  const proxy = getProxyForUrl(url.href);
  return proxy === '' ? direct(url) : tunnelled(proxy, timeoutMs);
}

/** Node writes a request when the connection is complete, never before: with https, after the handshake. */
function direct({ protocol }: URL): Connections {
  return {
    agent: DIRECT,
    wasConnected({ timings }) {
      return (protocol === 'https:' ? timings?.secureConnect : timings?.connect) !== undefined;
    },
  };
}

/** A request gets its socket when the tunnel, and with https the handshake through it, is complete. */
function tunnelled(proxy: string, timeoutMs: number): Connections {
  const options = { ...FRESH, proxy, timeout: timeoutMs };
  return {
    agent: { http: new HttpProxyAgent(options), https: new CompleteTunnelAgent(options) },
    wasConnected: ({ timings }) => timings?.socket !== undefined,
  };
}

type OnConnected = (error: Error | null, socket: Duplex) => void;

/** The agent below hands a socket over before the handshake; then nothing would tell whether the request had left. */
class CompleteTunnelAgent extends HttpsProxyAgent {
  override createConnection(options: ClientRequestArgs, onConnected?: OnConnected): Duplex | null | undefined {
    return super.createConnection(options, (error: Error | null, socket: Duplex) => {
      if (error !== null || !(socket instanceof TLSSocket)) return onConnected?.(error, socket);
      const failed = (reason: Error) => onConnected?.(reason, socket);
      socket.once('error', failed);
      socket.once('secureConnect', () => {
        socket.off('error', failed);
        onConnected?.(null, socket);
      });
    });
  }
}
