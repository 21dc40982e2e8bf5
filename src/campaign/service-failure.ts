import { proxyHost } from './connections.ts';
import type { HttpOutcome } from './http-client.ts';
import type { FailureReason } from './results.ts';

/** Why a service of Adobe's cannot be used, without anything that could be secret. */
export type ServiceFailure = {
  reason: FailureReason;
  /** Of the error that ended the request, such as `CERT_HAS_EXPIRED`. */
  code: string | null;
  /** Of the answer; that of the proxy, where it refused the connection. */
  status: number | null;
  host: string;
  proxy: string | null;
};

/** Is told after each request how the service is: null where it works. */
export type ServiceMonitor = (trouble: ServiceFailure | null) => void;

export function serviceFailureOf(reason: FailureReason, outcome: HttpOutcome, url: URL): ServiceFailure {
  return { reason, ...errorIn(outcome), host: url.host, proxy: proxyHost(url) };
}

function errorIn(outcome: HttpOutcome): Pick<ServiceFailure, 'code' | 'status'> {
  switch (outcome.kind) {
    case 'answered':
      return { code: null, status: outcome.answer.status };
    case 'broken_off':
      return { code: outcome.cause.code, status: outcome.head?.status ?? null };
    case 'never_connected':
      return { code: outcome.cause.code, status: outcome.cause.proxyStatus };
    default:
      return outcome satisfies never;
  }
}

/** What is over by itself after a while. For everything else somebody has to do something. */
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
 * Logs once that the trouble of a service began, once for each further reason that it gets, and once that it is over.
 * What it knows outlives a change of the configuration.
 */
export function createServiceFailureLog(
  log: Log,
): (service: 'Campaign' | 'IMS', environment: string) => ServiceMonitor {
  const reasons = new Map<string, Set<FailureReason>>();
  return (service, environment) => (trouble) => {
    const key = `${service} ${environment}`;
    const logged = reasons.get(key) ?? new Set();
    if (trouble === null) {
      if (reasons.delete(key)) log.info({ service, environment }, `${service} can be used again`);
      return;
    }
    if (logged.has(trouble.reason)) return;
    reasons.set(key, logged.add(trouble.reason));
    const waitingHelps = transientReasons.has(trouble.reason);
    log.warn({ service, environment, ...trouble, waitingHelps }, `${service} cannot be used`);
  };
}
