import { Gauge, type Registry } from 'prom-client';

/** What `/readyz` says. */
export type HealthSource = {
  /** Whether each check holds, by its name. */
  checks(): Readonly<Record<string, boolean>>;
  /** What is wrong although the bot is ready. */
  findings(): readonly { readonly name: string }[];
};

export type HealthMetrics = {
  /** Where the health is read at each scrape. */
  readonly watchHealth: (source: HealthSource) => void;
};

export function healthMetrics(registers: [Registry]): HealthMetrics {
  let source: HealthSource = { checks: () => ({}), findings: () => [] };
  new Gauge({
    name: 'campaign_wf_check_success',
    help: 'Whether each check of /readyz holds: 1, or 0.',
    labelNames: ['check'],
    registers,
    collect() {
      for (const [check, holds] of Object.entries(source.checks())) this.set({ check }, holds ? 1 : 0);
    },
  });
  new Gauge({
    name: 'campaign_wf_findings',
    help: 'The findings of /readyz, by their names.',
    labelNames: ['name'],
    registers,
    collect() {
      this.reset();
      for (const { name } of source.findings()) this.inc({ name });
    },
  });
  return {
    watchHealth(given) {
      source = given;
    },
  };
}
