import type { ConnectFailure } from './send-result.ts';

/**
 * What is kept of an error: its code, such as `ENOTFOUND`, and the status with which a proxy refused the tunnel. The error
 * itself carries the headers, and so the token.
 */
export type Cause = { code: string | null; proxyStatus: number | null };

/** Node's documentation, "X509 certificate error codes", and what OpenSSL says where the other side speaks no TLS. */
const TLS_CODES: ReadonlySet<string> = new Set([
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

/** What is not known to last is taken for what may pass. */
export function connectFailure({ code, proxyStatus }: Cause): ConnectFailure {
  if (proxyStatus !== null) return isTransientStatus(proxyStatus) ? 'no_connection' : 'proxy_refused';
  if (code === null) return 'no_connection';
  if (code === 'ENOTFOUND') return 'host_not_found';
  if (TLS_CODES.has(code) || code.startsWith('ERR_SSL_')) return 'tls_failed';
  // Before the connection stands, only a proxy has been spoken to in HTTP.
  return isNotHttp(code) ? 'proxy_refused' : 'no_connection';
}

/** Whether a server with this status may work later. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** What answered does not speak HTTP: Node's parser could not read it. */
export function isNotHttp(code: string | null): boolean {
  return /^HPE_/.test(code ?? '');
}
