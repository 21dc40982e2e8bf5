import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createMetrics, type Metrics } from '../../src/metrics/create-metrics.ts';
import type { Event } from '../../src/requests/events.ts';
import type { LedgerState } from '../../src/requests/ledger/ledger-state.ts';
import type { Request } from '../../src/requests/request.ts';
import { noCause } from '../../src/slack/call-result.ts';
import { endedAs, noAnswer, recorded } from '../requests/events.fixture.ts';
import { requestAfter, underWay } from '../requests/request.fixture.ts';

const state: LedgerState = {
  ...{ dueSince: 40_000, announcementsWaiting: 2, outcomesWaiting: 3, openApprovals: 4, oldestApprovalAt: null },
  ...{ openReviews: 1, oldestReviewAt: 10_000 },
  ...{ sizeBytes: 5_000, unsealedEvents: 6 },
};

/** With a value of everything. */
function filled(): Metrics {
  const metrics = createMetrics(() => 100_000);
  metrics.environments(['prod', 'stage']);
  metrics.watchLedger({ read: async () => state, now: () => 100_000 });
  metrics.watchTokens(() => [{ environment: 'prod', issuedAt: 40_000, endsAt: 160_000 }]);
  metrics.watchHealth({ checks: () => ({ slack: false, ledger: true }), findings: () => [{ name: 'clock_off' }] });
  metrics.slackCall({
    method: 'chat.update',
    result: 'rate_limited',
    durationMs: 9,
    retryAfterMs: 7_000,
    cause: noCause,
  });
  metrics.slackCall({ method: 'auth.test', result: 'ok', durationMs: 9, retryAfterMs: null, cause: noCause });
  metrics.adobeCall({ service: 'IMS', environment: 'prod', result: 'ok', isOwn: true, durationMs: 9 });
  metrics.adobeCall({ service: 'Campaign', environment: 'prod', result: 'timeout', isOwn: false, durationMs: 9 });
  metrics.acknowledged(20);
  metrics.committed(2);
  metrics.rateLimited('read');
  return metrics;
}

/** Records a request that ends with this event. */
function end(metrics: Metrics, order: Partial<Request['order']>, event: Event): void {
  const [ended] = recorded([event]);
  const sent: readonly Event[] = [...underWay, { type: 'dispatching', data: { attempt: 1 } }];
  const isSent = event.type === 'ended' && event.data.outcome === 'accepted';
  if (ended !== undefined) metrics.recorded(ended, requestAfter(order, ...(isSent ? sent : []), event));
}

const textOf = async (metrics: Metrics) => (await metrics.text()).body;

type Family = { readonly name: string; readonly type: string; readonly help: string };

function familiesIn(body: string): readonly Family[] {
  const types = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return types.map(([, name = '', type = '']) => ({
    ...{ name, type },
    help: new RegExp(`^# HELP ${name} (.+)$`, 'm').exec(body)?.[1] ?? '',
  }));
}

describe('the metrics', () => {
  it('follow Prometheus’ conventions', async () => {
    const body = await textOf(filled());
    const families = familiesIn(body);
    expect(new Set(families.map(({ name }) => name)).size).toBe(families.length);
    for (const { name, type, help } of families) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect([name, help.length > 10]).toEqual([name, true]);
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
      expect([name, /_(ms|millis\w*|minutes|hours|days|kb|kilobytes|percent)(_|$)/.test(name)]).toEqual([name, false]);
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
    }
    const series = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const keys = series.map((line) => line.slice(0, line.lastIndexOf(' ')));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('are clean for promtool, where it is installed', async () => {
    const body = await textOf(filled());
    const { error, status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: body });
    if (error !== undefined) return expect(error).toMatchObject({ code: 'ENOENT' });
    expect([status, String(stdout), String(stderr)]).toEqual([0, '', '']);
  });

  it('are all on their page, and the page has no others', async () => {
    const page = readFileSync('docs/metrics.md', 'utf8');
    const own = familiesIn(await textOf(filled())).map(({ name }) => name);
    const named = [...page.matchAll(/`(campaign_wf_\w+)/g)].map(([, name = '']) => name);
    expect([...new Set(named)].toSorted()).toEqual(own.filter((name) => name.startsWith('campaign_wf_')).toSorted());
  });

  it('have the labels that the page names', async () => {
    const page = readFileSync('docs/metrics.md', 'utf8');
    const rows = [...page.matchAll(/^\| `(campaign_wf_\w+)` +\| ([^|]*)\|/gm)];
    const metrics = filled();
    end(metrics, {}, endedAs('accepted'));
    end(metrics, {}, endedAs('refused'));
    metrics.arrived('press');
    metrics.turnedAway('too_old');
    const body = await textOf(metrics);
    for (const [, name = '', cell = ''] of rows) {
      const named = cell.replaceAll(/\([^)]*\)/g, '').match(/`(\w+)`/g) ?? [];
      const labels = [...body.matchAll(new RegExp(`^${name}(?:_count)?\\{([^}]*)\\}`, 'gm'))].flatMap(([, text = '']) =>
        [...text.matchAll(/(\w+)="/g)].map(([, label]) => `\`${label}\``),
      );
      expect([name, [...new Set(labels)].toSorted()]).toEqual([name, [...named].toSorted()]);
    }
  });

  it('begin at 0, so that a rate sees the first unknown outcome', async () => {
    const body = await textOf(filled());
    const labels = 'reason="timeout",verb="stop",environment="stage"';
    expect(body).toContain(`campaign_wf_outcomes_total{outcome="unknown",${labels}} 0\n`);
    expect(body).toContain('campaign_wf_faults_total{where="step"} 0\n');
  });

  it('say what the ledger holds, and NaN while it cannot be read', async () => {
    const metrics = filled();
    const body = await textOf(metrics);
    for (const line of [
      ...['oldest_due_step_seconds 60', 'announcements_waiting 2', 'outcomes_waiting 3', 'open_approvals 4'],
      ...['check_success{check="slack"} 0', 'check_success{check="ledger"} 1', 'findings{name="clock_off"} 1'],
      ...['oldest_open_approval_seconds 0', 'ledger_size_bytes 5000', 'unsealed_events 6'],
      ...['open_reviews 1', 'oldest_open_review_seconds 90'],
      ...[
        'token_age_seconds{environment="prod"} 60',
        'last_success_timestamp_seconds{system="slack",environment=""} 100',
      ],
    ])
      expect(body).toContain(`\ncampaign_wf_${line}\n`);
    metrics.watchLedger({ read: async () => null, now: () => 100_000 });
    const unread = await textOf(metrics);
    expect(unread.match(/^campaign_wf_\w+ Nan$/gm)).toHaveLength(9);
  });

  it('read the ledger once for scrapes at the same time', async () => {
    const metrics = createMetrics();
    let reads = 0;
    const read = async () => {
      reads += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return state;
    };
    metrics.watchLedger({ read, now: Date.now });
    await Promise.all([metrics.text(), metrics.text(), metrics.text()]);
    expect(reads).toBe(1);
    await metrics.text();
    expect(reads).toBe(2);
  });

  it('count an outcome by its reason, and nothing that somebody typed', async () => {
    const metrics = createMetrics();
    const because = { kind: 'access', refusal: { reason: 'not_permitted' } } as const;
    const refused = { type: 'ended', data: { outcome: 'refused', because, answer: noAnswer } } as const;
    end(metrics, { organization: '', environment: 'whatever' }, refused);
    const body = await textOf(metrics);
    const labels = 'outcome="refused",reason="not_permitted",verb="stop",environment="none"';
    expect(body).toContain(`campaign_wf_outcomes_total{${labels}} 1\n`);
    expect(body).toContain('campaign_wf_refusals_total{of="request",reason="not_permitted"} 1\n');
    expect(body).not.toContain('whatever');
  });
});
