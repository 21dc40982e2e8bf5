import { expect, it } from '@jest/globals';
import { type Readiness, readiness } from '../../../src/slack/transport/health-pages.ts';

const sound: Readiness = {
  checks: new Map([
    ['ledger', () => true],
    ['slack', () => true],
  ]),
  waiting: async () => ({ count: 0, since: null }),
  ledgerProblem: () => null,
  missing: () => [],
  clockOffset: () => null,
};

const told = async (changed: Partial<Readiness>) => {
  const { status, body } = await readiness({ ...sound, ...changed });
  expect(body.endsWith('}\n')).toBe(true);
  return { status, ...JSON.parse(body) };
};
const checks = (ledger: boolean, slack: boolean) =>
  new Map([
    ['ledger', () => ledger],
    ['slack', () => slack],
  ]);

it('is ready when every check says so, and says nothing else of the ledger', async () => {
  expect(await told({})).toEqual({
    ...{ status: 200, ready: true, checks: { ledger: true, slack: true } },
    ...{ waiting: { outcomes: 0, since: null }, findings: [] },
  });
});

it.each([
  [false, true],
  [true, false],
  [false, false],
])('is not ready where a check says no: ledger %p, slack %p', async (ledger, slack) => {
  expect(await told({ checks: checks(ledger, slack) })).toMatchObject({
    ...{ status: 503, ready: false, checks: { ledger, slack } },
  });
});

it('is not ready where the ledger does not say what waits', async () => {
  expect(await told({ waiting: async () => null })).toMatchObject({
    ...{ status: 503, ready: false, waiting: null, checks: { ledger: false, slack: true } },
  });
});

it('is not ready where the ledger knows that something is wrong with it, and names it', async () => {
  expect(await told({ ledgerProblem: () => 'disk_full' })).toMatchObject({
    ...{ status: 503, ready: false, checks: { ledger: false, slack: true }, ledger: { problem: 'disk_full' } },
  });
});

it('stays ready with outcomes that wait for Slack, since when', async () => {
  const waiting = async () => ({ count: 2, since: Date.UTC(2026, 10, 10, 12) });
  expect(await told({ waiting })).toMatchObject({
    ...{ status: 200, ready: true, waiting: { outcomes: 2, since: '2026-11-10T12:00:00.000Z' } },
  });
});

it('stays ready with findings, each by its name', async () => {
  const found = {
    missing: () => ['7K3M9QPA'],
    clockOffset: () => ({ seconds: 360, direction: 'behind' }) as const,
  };
  expect(await told(found)).toMatchObject({
    status: 200,
    ready: true,
    findings: [
      { name: 'ledger_behind_channel', requests: ['7K3M9QPA'] },
      { name: 'clock_off', seconds: 360, direction: 'behind' },
    ],
  });
});
