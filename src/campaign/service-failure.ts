import { proxyHost } from './connections.ts';
import type { HttpOutcome } from './http-client.ts';
import type { FailureReason } from './results.ts';

/** Why a service of Adobe's cannot be used. Holds nothing secret. */
export type ServiceFailure = {
  readonly reason: FailureReason;
  /** Of the error that ended the request, such as `CERT_HAS_EXPIRED`. */
  readonly code: string | null;
  /** Of the response; the proxy's, if it refused the connection. */
  readonly status: number | null;
  readonly host: string;
  readonly proxy: string | null;
};

/** Called after each request; null if the service works. */
export type ServiceMonitor = (failure: ServiceFailure | null) => void;

export function serviceFailureOf(reason: FailureReason, outcome: HttpOutcome, url: URL): ServiceFailure {
  return { reason, ...errorIn(outcome), host: url.host, proxy: proxyHost(url) };
}

function errorIn(outcome: HttpOutcome): Pick<ServiceFailure, 'code' | 'status'> {
  switch (outcome.kind) {
    case 'responded':
      return { code: null, status: outcome.response.status };
    case 'interrupted':
      return { code: outcome.cause.code, status: outcome.head?.status ?? null };
    case 'never_connected':
      return { code: outcome.cause.code, status: outcome.cause.proxyStatus };
    default:
      return outcome satisfies never;
  }
}

/** Reasons that end without intervention. All others need somebody to act. */
const transientReasons: ReadonlySet<FailureReason> = new Set<FailureReason>([
  'rate_limited',
  'gateway_busy',
  'gateway_unavailable',
  'no_connection',
  'timeout',
  'connection_lost',
  'server_error',
  'ims_unreachable',
  'ims_busy',
]);

type Log = Record<'info' | 'warn', (fields: object, message: string) => void>;

/**
 * Logs a service's failure once for each reason, and once that the service works again. The state survives a change of
 * the configuration.
 *
 * @param id what fails or works together: an organization, or credentials. Never logged
 * @param environment what the log calls it, from this call on also for monitors of the same ID that exist already
 */
export function createServiceFailureLog(
  log: Log,
): (service: 'Campaign' | 'IMS', id: string, environment: string) => ServiceMonitor {
  const reasons = new Map<string, Set<FailureReason>>();
  const names = new Map<string, string>();
  return (service, id, name) => {
    const key = `${service} ${id}`;
    names.set(key, name);
    return (failure) => {
      const logged = reasons.get(key) ?? new Set();
      const environment = names.get(key) ?? name;
      if (failure === null) {
        if (reasons.delete(key)) log.info({ service, environment }, `${service} can be used again`);
        return;
      }
      if (logged.has(failure.reason)) return;
      reasons.set(key, logged.add(failure.reason));
      const waitingHelps = transientReasons.has(failure.reason);
      log.warn({ service, environment, ...failure, waitingHelps }, `${service} cannot be used`);
    };
  };
}
