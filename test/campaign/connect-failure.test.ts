import { expect, it } from '@jest/globals';
import { connectFailure } from '../../src/campaign/connections.ts';

it.each([
  // The certificate's issuer, host name and validity.
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls_failed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls_failed'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls_failed'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls_failed'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_failed'],
  ['CERT_HAS_EXPIRED', 'tls_failed'],
  ['CERT_NOT_YET_VALID', 'tls_failed'],
  ['EPROTO', 'tls_failed'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls_failed'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls_failed'],
  ['ENOTFOUND', 'host_not_found'],
  ['EAI_AGAIN', 'no_connection'],
  ['ECONNREFUSED', 'no_connection'],
  ['ECONNRESET', 'no_connection'],
  ['ETIMEDOUT', 'no_connection'],
  ['EHOSTUNREACH', 'no_connection'],
  ['ENETUNREACH', 'no_connection'],
  ['ERR_TLS_HANDSHAKE_TIMEOUT', 'no_connection'],
  ['HPE_INVALID_CONSTANT', 'proxy_refused'],
  [null, 'no_connection'],
])('a connection that failed with %s: %s', (code, expected) => {
  expect(connectFailure({ code, proxyStatus: null })).toBe(expected);
});

// The full list of Node's documentation, "X509 certificate error codes".
it.each(
  [
    'UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_CRL UNABLE_TO_DECRYPT_CERT_SIGNATURE UNABLE_TO_DECRYPT_CRL_SIGNATURE',
    'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY CERT_SIGNATURE_FAILURE CRL_SIGNATURE_FAILURE CERT_NOT_YET_VALID CERT_HAS_EXPIRED',
    'CRL_NOT_YET_VALID CRL_HAS_EXPIRED ERROR_IN_CERT_NOT_BEFORE_FIELD ERROR_IN_CERT_NOT_AFTER_FIELD',
    'ERROR_IN_CRL_LAST_UPDATE_FIELD ERROR_IN_CRL_NEXT_UPDATE_FIELD DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY UNABLE_TO_VERIFY_LEAF_SIGNATURE CERT_CHAIN_TOO_LONG CERT_REVOKED INVALID_CA',
    'PATH_LENGTH_EXCEEDED INVALID_PURPOSE CERT_UNTRUSTED CERT_REJECTED HOSTNAME_MISMATCH',
  ].flatMap((codes) => codes.split(' ')),
)('an untrusted certificate is a permanent failure: %s', (code) => {
  expect(connectFailure({ code, proxyStatus: null })).toBe('tls_failed');
});

it.each([
  [302, 'proxy_refused'],
  [403, 'proxy_refused'],
  [407, 'proxy_refused'],
  [408, 'no_connection'],
  [429, 'no_connection'],
  [502, 'no_connection'],
  [503, 'no_connection'],
  [504, 'no_connection'],
])('a tunnel that the proxy refused with %i: %s', (proxyStatus, expected) => {
  expect(connectFailure({ code: null, proxyStatus })).toBe(expected);
});
