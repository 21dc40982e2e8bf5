import type { LedgerProblem } from '../../requests/ledger/health.ts';
import type { Waiting } from '../../requests/ledger/ledger.ts';
import type { ClockOffset } from '../clock-watch.ts';

/** What readiness is judged by. */
export type Readiness = {
  /** By name; ready means all of them. */
  readonly checks: ReadonlyMap<string, () => boolean>;
  /** Asked of the ledger each time; null where it does not say in time. */
  waiting(): Promise<Waiting | null>;
  /** Why the ledger cannot be worked with; null where it can. */
  ledgerProblem(): LedgerProblem | null;
  /** Requests that the channels show and the ledger does not have, or has otherwise. */
  missing(): readonly string[];
  /** How far this machine's clock is from Slack's; null where it does not matter. */
  clockOffset(): ClockOffset | null;
};

/**
 * `{"ready":true,"checks":{"ledger":true,…},"waiting":{"outcomes":2,"since":"2026-11-10T12:00:00.000Z"}}`: 200 when ready,
 * else 503, with `"ledger":{"problem":"disk_full"}` where the ledger knows why. Outcomes that wait for Slack make nobody unready; a ledger that cannot be read does.
 * Findings make nobody unready: `"findings":[{"name":"ledger_behind_channel","requests":["7K3M9QPA"]}]` where the channels show
 * more than the ledger has, `{"name":"clock_off","seconds":360,"direction":"behind"}` where this machine's clock is wrong.
 */
export async function readiness(health: Readiness): Promise<{ status: 200 | 503; body: string }> {
  const waiting = await health.waiting();
  const checks = Object.fromEntries([...health.checks].map(([name, check]) => [name, check()]));
  const problem = health.ledgerProblem();
  if (waiting === null || problem !== null) checks.ledger = false;
  const ready = Object.values(checks).every(Boolean);
  const body = JSON.stringify({
    ...{ ready, checks, waiting: waiting && sayWaiting(waiting), findings: findingsOf(health) },
    ...(problem !== null && { ledger: { problem } }),
  });
  return { status: ready ? 200 : 503, body: `${body}\n` };
}

function findingsOf({ missing, clockOffset }: Readiness) {
  const requests = missing();
  const offset = clockOffset();
  return [
    ...(requests.length === 0 ? [] : [{ name: 'ledger_behind_channel', requests }]),
    ...(offset === null ? [] : [{ name: 'clock_off', ...offset }]),
  ];
}

function sayWaiting({ outcomes, since }: Waiting) {
  return { outcomes, since: since === null ? null : new Date(since).toISOString() };
}
