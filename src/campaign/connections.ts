import http, { type ClientRequestArgs } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Request } from 'got';
import { HttpProxyAgent, HttpsProxyAgent } from 'hpagent';
import { getProxyForUrl } from 'proxy-from-env';
import type { ConnectFailure } from './results.ts';

/** How a request connects, and whether its connection was ever complete. */
export type Connections = {
  readonly agent: { readonly http: http.Agent; readonly https: https.Agent };
  /** False: no byte of the request can have been sent. */
  wasConnected(stream: Request): boolean;
};

// A connection for each request: the other side may close a kept one while we write to it.
const unpooled = { keepAlive: false, maxCachedSessions: 0 };

const directAgents = { http: new http.Agent(unpooled), https: new https.Agent(unpooled) };

/** The host of the proxy for this URL, without credentials; null if there is none. */
export function proxyHost(url: URL): string | null {
  return URL.parse(getProxyForUrl(url.href))?.host ?? null;
}

/** Whether a proxy took too long to open a tunnel. The agents below report it in the error message only. */
export function isTunnelTimeout(error: Error): boolean {
  return error.message === 'Proxy timeout';
}

/** The status with which a proxy refused a tunnel; also in the error message only. */
export function tunnelRefusalStatus(error: Error): number | null {
  const status = /^Bad response: (\d{3})$/.exec(error.message)?.[1];
  return status === undefined ? null : Number(status);
}

/** Connects directly, or through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY select for this URL. */
export function connectionsTo(url: URL, timeoutMs: number): Connections {
  const proxy = getProxyForUrl(url.href);
  return proxy === '' ? direct(url) : tunnelled(proxy, timeoutMs);
}

/** Node never writes a request before the connection is complete: with https, after the handshake. */
function direct({ protocol }: URL): Connections {
  return {
    agent: directAgents,
    wasConnected({ timings }) {
      return (protocol === 'https:' ? timings?.secureConnect : timings?.connect) !== undefined;
    },
  };
}

/** A request gets its socket when the tunnel, and with https the handshake through it, is complete. */
function tunnelled(proxy: string, timeoutMs: number): Connections {
  const options = { ...unpooled, proxy: withoutBrackets(proxy), timeout: timeoutMs };
  return {
    agent: { http: new HttpProxyAgent(options), https: new CompleteTunnelAgent(options) },
    wasConnected: ({ timings }) => timings?.socket !== undefined,
  };
}

/** The agents connect to the `hostname` as it is, and an IPv6 address has brackets only in a URL. */
function withoutBrackets(proxy: string): URL {
  const url = new URL(proxy);
  const hostname = url.hostname.replace(/^\[(.+)\]$/, '$1');
  return Object.defineProperty(url, 'hostname', { value: hostname });
}

type OnConnected = (error: Error | null, socket: Duplex) => void;

/** hpagent hands over the socket before the TLS handshake, so it would be unknown whether the request was sent. */
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

/**
 * The parts of an error that may be kept: its code, such as `ENOTFOUND`, and the status with which a proxy refused the
 * tunnel. The error itself holds the request headers, and with them the token.
 */
export type ErrorCause = { readonly code: string | null; readonly proxyStatus: number | null };

/** Node's documentation, "X509 certificate error codes", and OpenSSL's code when the other side does not speak TLS. */
const tlsErrorCodes: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'CERT_SIGNATURE_FAILURE',
  'CRL_SIGNATURE_FAILURE',
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'CRL_NOT_YET_VALID',
  'CRL_HAS_EXPIRED',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CRL_LAST_UPDATE_FIELD',
  'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_CHAIN_TOO_LONG',
  'CERT_REVOKED',
  'INVALID_CA',
  'PATH_LENGTH_EXCEEDED',
  'INVALID_PURPOSE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'EPROTO',
]);

/** An error that is not known to be permanent counts as transient (`no_connection`). */
export function connectFailure({ code, proxyStatus }: ErrorCause): ConnectFailure {
  if (proxyStatus !== null) return isTransientStatus(proxyStatus) ? 'no_connection' : 'proxy_refused';
  if (code === null) return 'no_connection';
  if (code === 'ENOTFOUND') return 'host_not_found';
  if (tlsErrorCodes.has(code) || code.startsWith('ERR_SSL_')) return 'tls_failed';
  // Before the connection is complete, only a proxy can have answered in HTTP.
  return isNotHttp(code) ? 'proxy_refused' : 'no_connection';
}

/** Whether a server with this status may work later. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Whether the other side does not speak HTTP: Node's parser rejected its response. */
export function isNotHttp(code: string | null): boolean {
  return /^HPE_/.test(code ?? '');
}
