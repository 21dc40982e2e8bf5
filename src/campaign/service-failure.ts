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

/** A request for the metrics. `isOwn`: the service itself has answered. */
export type ServiceCall = {
  readonly result: 'ok' | FailureReason;
  readonly isOwn: boolean;
  readonly durationMs: number;
};

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

type Service = 'Campaign' | 'IMS';

/** Where the failures of services are logged (`trouble-log.ts`). */
type Watch = (
  key: string,
  texts: { readonly begins: string; readonly ends: string; readonly fields: { service: Service; environment: string } },
) => { failed(reason: string, fields: object): void; worked(): void };

/**
 * Logs a service's failure when it begins, once for each reason, and when it ends. The state survives a change of the
 * configuration.
 *
 * @param id what fails or works together: an organization, or credentials. Never logged
 * @param environment what the log calls it, from this call on also for monitors of the same ID that exist already
 */
export function createServiceFailureLog(
  watch: Watch,
): (service: Service, id: string, environment: string) => ServiceMonitor {
  return (service, id, environment) => {
    const trouble = watch(`${service} ${id}`, {
      begins: `${service} cannot be used`,
      ends: `${service} can be used again`,
      fields: { service, environment },
    });
    return (failure) => {
      if (failure === null) return trouble.worked();
      const { reason, ...cause } = failure;
      trouble.failed(reason, { ...cause, waitingHelps: transientReasons.has(reason) });
    };
  };
}
