import { getProxyForUrl } from 'proxy-from-env';
import type { TroubleLog, TroubleWatch } from '../trouble-log.ts';
import type { SlackCall, SlackCallResult } from './call-result.ts';

/** Results that end without intervention, unless their cause is one of `lasting`. */
const transient: ReadonlySet<SlackCallResult> = new Set<SlackCallResult>(['server_error', 'timeout', 'no_connection']);

/** Codes of the network and of TLS that somebody has to mend. */
const lasting = /CERT|SELF_SIGNED|ERR_(?:TLS|SSL)|EPROTO|ENOTFOUND|UNABLE_TO/;

/** Slack limits a channel for some seconds at a time. Bursts with shorter pauses are one trouble. */
const limitCalmMs = 10_000;

/** A method that has failed is called again within this time, where it is needed. */
const forgottenMs = 6 * 60_000;

/**
 * Logs when Slack cannot be used, and when it limits a method. Some methods can fail while others work: it can be used again
 * when a method that has failed works, or when none has failed for six minutes.
 *
 * @param clock monotonic, in milliseconds
 */
export function watchSlack(
  { watch }: Pick<TroubleLog, 'watch'>,
  apiUrl: string,
  clock = () => performance.now(),
): (call: SlackCall) => void {
  const fields = {
    service: 'Slack',
    host: new URL(apiUrl).host,
    proxy: URL.parse(getProxyForUrl(apiUrl))?.host ?? null,
  };
  const slack = watch('Slack', { begins: 'Slack cannot be used', ends: 'Slack can be used again', fields });
  const limits = new Map<string, TroubleWatch>();
  const failedAt = new Map<string, number>();

  function limited({ method, retryAfterMs }: SlackCall): void {
    const texts = { begins: 'Slack limits the calls of a method', ends: 'Slack limits the calls no more' };
    const watched =
      limits.get(method) ?? watch(`Slack ${method}`, { ...texts, fields: { ...fields, method } }, limitCalmMs);
    limits.set(method, watched);
    watched.failed('rate_limited', { status: 429, retryAfterMs });
  }

  function worked(method: string): void {
    limits.get(method)?.worked();
    if (failedAt.has(method)) failedAt.clear();
    for (const [one, at] of failedAt) if (clock() - at > forgottenMs) failedAt.delete(one);
    if (failedAt.size === 0) slack.worked();
  }

  function failed({ method, result, cause }: SlackCall): void {
    // Any call that works shows that the token is accepted again.
    if (result !== 'token_refused') failedAt.set(method, clock());
    const waitingHelps = transient.has(result) && !lasting.test(cause.code ?? '');
    slack.failed(result, { method, ...cause, waitingHelps });
  }

  return (call) => {
    switch (call.result) {
      case 'ok':
      case 'refused':
        return worked(call.method);
      case 'rate_limited':
        return limited(call);
      case 'fault':
        return;
      default:
        return failed(call);
    }
  };
}

/** How Slack's Socket Mode is watched. */
export function watchSocket({ watch }: Pick<TroubleLog, 'watch'>): TroubleWatch {
  const texts = { begins: 'no connection to Slack', ends: 'connected to Slack' };
  return watch('Socket Mode', { ...texts, fields: { service: 'Slack', method: 'Socket Mode' } }, 0);
}
