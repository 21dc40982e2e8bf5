import type { Ledger } from '../../src/requests/ledger/ledger.ts';
import { openLedger } from '../../src/requests/ledger/open-ledger.ts';
import type { WatchTerms } from '../../src/requests/watches/watch-terms.ts';
import { startWatcher, type WatcherPorts } from '../../src/requests/watches/watcher.ts';
import { newDatabase } from '../../test/postgres/new-database.ts';
import { startPostgres } from '../../test/postgres/postgres-server.ts';
import { ledgerOptions } from '../../test/requests/ledger/ledger.fixture.ts';
import type { Measured } from '../harness/table.ts';

const [workflows, failing, replicas, minutes] = [1_000, 50, 3, 4];
const [secondMs, minuteMs, failAfterMinutes] = [1_000, 60_000, 1];
const channels = 5;
const place = { shared: false, archived: false, botIsMember: true };
const policy = { sharedChannels: new Set<string>() };

/**
 * A thousand workflows, each looked at once a minute by three replicas of one PostgreSQL, in virtual time; fifty of them fail.
 * Throws where there are more or fewer looks than configured, or where a failure is not told once.
 */
export async function watch(): Promise<readonly Measured[]> {
  await using resources = new AsyncDisposableStack();
  const server = resources.adopt(await startPostgres({ syncs: true }), (it) => it.close());
  const url = await newDatabase(server.url);
  let now = Date.UTC(2026, 10, 10, 12);
  const begun = now;
  const looks: number[] = Array.from({ length: minutes + 1 }, () => 0);
  const alerts = new Map<string, number>();
  const late: number[] = [];
  const hasFailed = (workflow: string) =>
    Number(workflow.slice(3)) < failing && now - begun > failAfterMinutes * minuteMs;
  const watches = Array.from({ length: workflows }, (_, index) => termsOf(`WKF${index}`, `C0OPS${index % channels}`));

  const portsOf = (ledger: Ledger): WatcherPorts => ({
    ledger,
    ...{ acknowledged: () => null, random: Math.random, wake: () => {}, watches: () => watches },
    directory: { channelStatus: async () => ({ kind: 'same' }), place: async () => ({ ok: true, value: place }) },
    policy: () => policy,
    watchPlaces: { environmentOf: () => 'prod', pausesEndAfter: () => null, aliasOf: () => null, isNamed: () => true },
    log: { debug: () => {}, info: () => {}, warn: console.error, error: console.error },
    count: { looked: (_, lateMs) => late.push(lateMs), told: () => {} },
    look: () => async (workflow) => {
      const minute = Math.floor((now - begun) / minuteMs);
      looks[minute] = (looks[minute] ?? 0) + 1;
      const reading = hasFailed(workflow) ? 'erroneous' : 'in_progress';
      const observation = { kind: 'seen', reading, field: 'logicalStatus', raw: reading } as const;
      return { observation, nextProcessingAt: null, retryAfterMs: null };
    },
    watchMessenger: {
      async post({ terms }) {
        alerts.set(terms.workflowId, (alerts.get(terms.workflowId) ?? 0) + 1);
        return { kind: 'posted', ts: String(alerts.size) };
      },
      edit: async () => ({ kind: 'posted', ts: '1' }),
      reply: async () => ({ kind: 'posted', ts: '1' }),
      find: async () => ({ kind: 'absent' }),
    },
  });
  const watchers = [];
  for (let count = 0; count < replicas; count += 1) {
    const options = ledgerOptions({ kind: 'postgres', url }, () => now);
    const ledger = resources.adopt(await openLedger(options), (it) => it.close());
    watchers.push(resources.adopt(startWatcher(portsOf(ledger)), (it) => it.end()));
  }
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  for (; now < begun + minutes * minuteMs; now += secondMs) await Promise.all(watchers.map((one) => one.pass()));
  const realMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  check(looks.slice(0, minutes), alerts);
  const title = `${workflows.toLocaleString('en-US')} workflows once a minute, ${replicas} replicas in one process`;
  const row = (name: string, unit: Measured['unit'], value: number): Measured => {
    return { name, unit, values: new Map([[title, [value]]]), baselines: [] };
  };
  const [least = 0, most = 0] = [Math.min(...looks.slice(1, minutes)), Math.max(...looks.slice(1, minutes))];
  return [
    row('looks a minute, the fewest', 'number', least),
    row('looks a minute, the most', 'number', most),
    row('a look after it was due, the latest', 's', Math.max(...late) / secondMs),
    row(
      `alerts of ${failing} failures`,
      'number',
      [...alerts.values()].reduce((sum, one) => sum + one, 0),
    ),
    row('CPU for a minute of that, without PostgreSQL', 's', (user + system) / 1e6 / minutes),
    row('time for a minute of that', 's', realMs / 1_000 / minutes),
    row('memory (RSS)', 'MB', process.memoryUsage().rss / 2 ** 20),
  ];
}

function termsOf(workflowId: string, channel: string): WatchTerms {
  return {
    ...{ organization: 'acme', environment: 'prod', workflowId, alias: null, channel, everyMs: minuteMs },
    ...{ timezone: null, quiet: [], longerThanMs: null, expectedBy: null, pausesEndAfterMs: null },
  };
}

/** The first minute spreads the looks: some begin in the next one. */
function check([, ...looks]: readonly number[], alerts: ReadonlyMap<string, number>): void {
  for (const count of looks) if (count !== workflows) throw new Error(`${count} looks in a minute`);
  const wrong = [...alerts].filter(([, count]) => count !== 1);
  if (alerts.size !== failing || wrong.length > 0) throw new Error(`${alerts.size} alerts, ${wrong.length} not once`);
}
