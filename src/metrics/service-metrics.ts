import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { SlackCall } from '../slack/call-result.ts';
import { callBuckets } from './buckets.ts';

/** A call to Campaign or IMS. `environment`: of an IMS client that several share, all their names. */
export type AdobeCall = {
  readonly service: 'Campaign' | 'IMS';
  readonly environment: string;
  /** `ok`, or the reason of the failure. */
  readonly result: string;
  /** Whether the service itself has answered. */
  readonly isOwn: boolean;
  readonly durationMs: number;
};

/** An access token in use; times in milliseconds since the epoch. */
export type TokenInUse = { readonly environment: string; readonly issuedAt: number; readonly endsAt: number };

/** The calls to Slack and Adobe. */
export type ServiceMetrics = {
  readonly slackCall: (call: SlackCall) => void;
  readonly adobeCall: (call: AdobeCall) => void;
  /** Where the tokens are read at each scrape. */
  readonly watchTokens: (tokens: () => readonly TokenInUse[]) => void;
  /** The database has answered. */
  readonly databaseAnswered: () => void;
};

export function serviceMetrics(registers: [Registry], now: () => number): ServiceMetrics {
  const slack = new Histogram({
    name: 'campaign_wf_slack_call_seconds',
    help: 'Calls of Slack’s Web API and private replies, by method and result, retries of the client included.',
    labelNames: ['method', 'result'],
    buckets: callBuckets,
    registers,
  });
  const limited = new Counter({
    name: 'campaign_wf_slack_rate_limited_total',
    help: 'Calls that Slack has answered with 429, by method.',
    labelNames: ['method'],
    registers,
  });
  const retryAfter = new Histogram({
    name: 'campaign_wf_slack_retry_after_seconds',
    help: 'How long Slack’s 429 asked to wait.',
    buckets: [1, 2, 5, 10, 30, 60, 120],
    registers,
  });
  const adobe = new Histogram({
    name: 'campaign_wf_adobe_call_seconds',
    help: 'Requests to Campaign and IMS, by environment and result.',
    labelNames: ['service', 'environment', 'result'],
    buckets: callBuckets,
    registers,
  });
  const renewals = new Counter({
    name: 'campaign_wf_token_renewals_total',
    help: 'Access tokens that IMS was asked for, by environment and result.',
    labelNames: ['environment', 'result'],
    registers,
  });
  const last = new Gauge({
    name: 'campaign_wf_last_success_timestamp_seconds',
    help: 'When each system has answered last, since the epoch.',
    labelNames: ['system', 'environment'],
    registers,
  });
  let tokens: () => readonly TokenInUse[] = () => [];
  const perToken = (gauge: Gauge, value: (token: TokenInUse) => number) => {
    gauge.reset();
    for (const token of tokens()) gauge.set({ environment: token.environment }, value(token) / 1_000);
  };
  new Gauge({
    name: 'campaign_wf_token_age_seconds',
    help: 'The age of the access token in use.',
    labelNames: ['environment'],
    registers,
    collect() {
      perToken(this, ({ issuedAt }) => Math.max(0, now() - issuedAt));
    },
  });
  new Gauge({
    name: 'campaign_wf_token_expiry_timestamp_seconds',
    help: 'When the access token in use ends, since the epoch.',
    labelNames: ['environment'],
    registers,
    collect() {
      perToken(this, ({ endsAt }) => endsAt);
    },
  });
  const succeeded = (system: string, environment = '') => last.set({ system, environment }, now() / 1_000);
  return {
    slackCall({ method, result, durationMs, retryAfterMs }) {
      slack.observe({ method, result }, durationMs / 1_000);
      if (result === 'rate_limited') limited.inc({ method });
      if (retryAfterMs !== null) retryAfter.observe(retryAfterMs / 1_000);
      if (result === 'ok' || result === 'refused') succeeded('slack');
    },
    adobeCall({ service, environment, result, isOwn, durationMs }) {
      adobe.observe({ service, environment, result }, durationMs / 1_000);
      if (service === 'IMS') renewals.inc({ environment, result });
      if (isOwn) succeeded(service.toLowerCase(), environment);
    },
    watchTokens(read) {
      tokens = read;
    },
    databaseAnswered: () => succeeded('database'),
  };
}
