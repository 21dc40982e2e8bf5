import { expect, it } from '@jest/globals';
import manifest from '../../../package.json' with { type: 'json' };
import { type Readiness, readiness } from '../../../src/slack/transport/health-pages.ts';

const healthy: Readiness = {
  checks: new Map([
    ['ledger', () => true],
    ['slack', () => true],
  ]),
  waiting: async () => ({ count: 0, since: null }),
  ledgerProblem: () => null,
  missing: () => [],
  witnessProblem: () => null,
  restored: () => null,
  clockOffset: () => null,
  rejectedSince: () => null,
  homeProblem: () => null,
  unreadCalendars: () => [],
  selfCheck: () => [],
};

const page = async (changed: Partial<Readiness>) => {
  const { status, body } = await readiness({ ...healthy, ...changed });
  expect(body.endsWith('}\n')).toBe(true);
  return { status, ...JSON.parse(body) };
};
const checks = (ledger: boolean, slack: boolean) =>
  new Map([
    ['ledger', () => ledger],
    ['slack', () => slack],
  ]);

it('is ready when every check passes, with no problem of the ledger', async () => {
  expect(await page({})).toEqual({
    version: manifest.version,
    ...{ status: 200, ready: true, checks: { ledger: true, slack: true } },
    ...{ waiting: { outcomes: 0, since: null }, findings: [] },
  });
});

it.each([
  [false, true],
  [true, false],
  [false, false],
])('is not ready where a check fails: ledger %p, slack %p', async (ledger, slack) => {
  expect(await page({ checks: checks(ledger, slack) })).toMatchObject({
    ...{ status: 503, ready: false, checks: { ledger, slack } },
  });
});

it('is not ready where the waiting outcomes cannot be read', async () => {
  expect(await page({ waiting: async () => null })).toMatchObject({
    ...{ status: 503, ready: false, waiting: null, checks: { ledger: false, slack: true } },
  });
});

it('is not ready where the ledger has a problem, and names it', async () => {
  expect(await page({ ledgerProblem: () => 'disk_full' })).toMatchObject({
    ...{ status: 503, ready: false, checks: { ledger: false, slack: true }, ledger: { problem: 'disk_full' } },
  });
});

it('stays ready with waiting outcomes, and shows since when', async () => {
  const waiting = async () => ({ count: 2, since: Date.UTC(2026, 10, 10, 12) });
  expect(await page({ waiting })).toMatchObject({
    ...{ status: 200, ready: true, waiting: { outcomes: 2, since: '2026-11-10T12:00:00.000Z' } },
  });
});

const seenInChannel = {
  ...{ origin: 'log.example', size: 9, root: '9'.repeat(64), at: 1_000 },
  where: { kind: 'channel', channel: 'C0OPS', ts: '1.0' },
} as const;

it('stays ready with findings, each with its name', async () => {
  const found = {
    missing: () => ['7K3M9QPA'],
    clockOffset: () => ({ seconds: 360, direction: 'behind' }) as const,
    witnessProblem: () => 'ENOSPC',
    rejectedSince: () => Date.UTC(2026, 10, 10, 12),
    restored: () => ({ size: 5, root: '5'.repeat(64), seen: seenInChannel }),
  };
  expect(await page(found)).toMatchObject({
    status: 200,
    ready: true,
    findings: [
      { name: 'ledger_behind_channel', requests: ['7K3M9QPA'] },
      {
        name: 'ledger_restored',
        size: 5,
        seen: { checkpoint: `9·${'9'.repeat(16)}`, kind: 'channel', channel: 'C0OPS', ts: '1.0' },
      },
      { name: 'clock_off', seconds: 360, direction: 'behind' },
      { name: 'witness_not_written', problem: 'ENOSPC' },
      { name: 'configuration_rejected', since: '2026-11-10T12:00:00.000Z' },
    ],
  });
});
