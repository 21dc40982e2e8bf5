import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { createMetrics } from '../../src/metrics/create-metrics.ts';

const rule = z.strictObject({
  alert: z.string().regex(/^CampaignWf[A-Z]\w+$/),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
  annotations: z.strictObject({ summary: z.string().min(5), description: z.string().min(5), runbook_url: z.string() }),
});
const file = z.strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(rule) })) });

const alerts = file
  .parse(parse(readFileSync('deploy/prometheus/alerts.yml', 'utf8')))
  .groups.flatMap(({ rules }) => rules);
const dashboard = readFileSync('deploy/grafana/campaign-wf.json', 'utf8');

/** The metrics that an expression of PromQL names, without the suffixes of histograms. */
function metricsIn(expression: string): readonly string[] {
  const named = expression.match(/\b(?:campaign_wf|nodejs|process)_\w+/g) ?? [];
  return named.map((name) => name.replace(/_(?:bucket|sum|count)$/, ''));
}

async function existing(): Promise<ReadonlySet<string>> {
  const { body } = await createMetrics().text();
  return new Set([...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name));
}

it('the alerts use metrics that exist', async () => {
  const known = await existing();
  for (const { alert, expr } of alerts)
    expect([alert, metricsIn(expr).filter((name) => !known.has(name))]).toEqual([alert, []]);
});

it('the dashboard uses metrics that exist, and a data source that can be chosen', async () => {
  const known = await existing();
  const panel = z.object({
    title: z.string(),
    targets: z
      .array(z.object({ expr: z.string(), datasource: z.object({ uid: z.string().regex(/^\$\{datasource\}$/) }) }))
      .optional(),
  });
  const { panels } = z.object({ panels: z.array(panel).min(20) }).parse(JSON.parse(dashboard));
  for (const { title, targets = [] } of panels)
    for (const { expr } of targets) {
      expect([title, metricsIn(expr).length > 0]).toEqual([title, true]);
      expect([title, metricsIn(expr).filter((name) => !known.has(name))]).toEqual([title, []]);
    }
});

it('each alert fires where its trouble is, and none where all is well, by promtool where it is installed', () => {
  const tests = readFileSync('deploy/prometheus/alerts.test.yml', 'utf8');
  // All of them, in the test of everything that is wrong.
  expect(tests).toContain(`exp_samples: [{ value: ${alerts.length} }]`);
  for (const args of [
    ['check', 'rules', 'deploy/prometheus/alerts.yml'],
    ['test', 'rules', 'deploy/prometheus/alerts.test.yml'],
  ]) {
    const { error, status, stdout, stderr } = spawnSync('promtool', args);
    if (error !== undefined) return expect(error).toMatchObject({ code: 'ENOENT' });
    expect([status, status === 0 ? '' : `${stdout}${stderr}`]).toEqual([0, '']);
  }
});
