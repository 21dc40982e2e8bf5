import { Counter, Histogram, type Registry } from 'prom-client';
import type { Telling } from '../requests/watches/watch-step.ts';
import type { WatchCounters } from '../requests/watches/watcher.ts';
import { lookDelayBuckets } from './buckets.ts';

const results = ['seen', 'not_shown', 'not_found', 'failed'] as const;
const tellings: readonly Telling[] = ['alert', 'change', 'normal', 'flapping', 'reminder', 'edit'];

export type WatchMetrics = { readonly watched: WatchCounters };

/** What watches look at and tell. */
export function watchMetrics(registers: [Registry]): WatchMetrics {
  const looks = new Counter({
    name: 'campaign_wf_watch_looks_total',
    help: 'Looks at watched workflows, by what they have shown.',
    labelNames: ['result'],
    registers,
  });
  const alerts = new Counter({
    name: 'campaign_wf_watch_alerts_total',
    help: 'Changes of watched workflows that a channel is told, by how.',
    labelNames: ['kind'],
    registers,
  });
  const delay = new Histogram({
    name: 'campaign_wf_watch_look_delay_seconds',
    help: 'From when a look at a watched workflow was due until it began.',
    buckets: lookDelayBuckets,
    registers,
  });
  for (const result of results) looks.inc({ result }, 0);
  for (const kind of tellings) alerts.inc({ kind }, 0);
  return {
    watched: {
      looked(result, lateMs) {
        looks.inc({ result });
        delay.observe(lateMs / 1_000);
      },
      told: (kind) => alerts.inc({ kind }),
    },
  };
}
