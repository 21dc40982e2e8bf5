import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { LedgerState } from '../requests/ledger/ledger-state.ts';
import { version } from '../version.ts';
import { type HealthMetrics, healthMetrics } from './health-metrics.ts';
import { type InputMetrics, inputMetrics } from './input-metrics.ts';
import { type LedgerMetrics, ledgerMetrics } from './ledger-metrics.ts';
import { type RequestMetrics, requestMetrics } from './request-metrics.ts';
import { type ServiceMetrics, serviceMetrics } from './service-metrics.ts';
import { type WatchMetrics, watchMetrics } from './watch-metrics.ts';

/** What the bot counts and measures, for the people on call (`docs/metrics.md`). */
export type Metrics = HealthMetrics &
  InputMetrics &
  RequestMetrics &
  ServiceMetrics &
  WatchMetrics &
  Pick<LedgerMetrics, 'committed'> & {
    /** Where the ledger is read at each scrape. Scrapes at the same time share one read. */
    readonly watchLedger: (source: LedgerSource) => void;
    readonly text: () => Promise<{ contentType: string; body: string }>;
  };

export type LedgerSource = {
  /** Null: the ledger did not answer in time. */
  read(): Promise<LedgerState | null>;
  /** The ledger's clock. */
  now(): number;
};

/** Defaults of the library whose names break the conventions of Prometheus (`promtool check metrics`): the same by type has a good one. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
] as const;

export function createMetrics(now: () => number = Date.now): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
  const registers: [Registry] = [registry];
  const { showLedger, committed } = ledgerMetrics(registers);
  new Gauge({
    name: 'campaign_wf_build_info',
    help: '1, with the version of the bot and of Node.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.version }, 1);
  let source: LedgerSource = { read: async () => null, now };
  let reading: Promise<void> | null = null;
  const services = serviceMetrics(registers, now);

  async function refresh(): Promise<void> {
    const state = await source.read();
    if (state !== null) services.databaseAnswered();
    showLedger(state, source.now());
  }

  return {
    ...healthMetrics(registers),
    ...inputMetrics(registers),
    ...requestMetrics(registers),
    ...watchMetrics(registers),
    ...services,
    committed,
    watchLedger(given) {
      source = given;
    },
    async text() {
      reading ??= refresh().finally(() => {
        reading = null;
      });
      await reading;
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}
