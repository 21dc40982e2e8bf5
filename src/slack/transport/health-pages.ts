import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LedgerProblem } from '../../requests/ledger/health.ts';
import type { Ledger, PendingOutcomes } from '../../requests/ledger/ledger.ts';
import type { ClockOffset } from '../clock-watch.ts';

/** What the process says of itself. */
export type Health = Readiness & { metrics(): Promise<{ contentType: string; body: string }> };

export const healthPaths = ['/healthz', '/readyz', '/metrics'] as const;
export type HealthPath = (typeof healthPaths)[number];

type Page = { readonly status: number; readonly type: string; readonly body: string };

const text = 'text/plain; charset=utf-8';

/** What a monitor or a browser asks for, and Slack never does. */
export function isForPages({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && headers['x-slack-signature'] === undefined;
}

/** @param path null where this server has no such page */
export async function answerPage(response: ServerResponse, path: HealthPath | null, health: Health): Promise<void> {
  const { status, type, body } = await pageAt(path, health);
  response.writeHead(status, { 'content-type': type }).end(body);
}

async function pageAt(path: HealthPath | null, health: Health): Promise<Page> {
  switch (path) {
    case '/healthz':
      return { status: 200, type: text, body: 'ok\n' };
    case '/readyz':
      return { type: 'application/json', ...(await readiness(health)) };
    case '/metrics': {
      const { contentType, body } = await health.metrics();
      return { status: 200, type: contentType, body };
    }
    case null:
      return { status: 404, type: text, body: 'not found\n' };
    default:
      return path satisfies never;
  }
}

/** What readiness is judged by. */
export type Readiness = {
  /** By name; ready means all of them. */
  readonly checks: ReadonlyMap<string, () => boolean>;
  /** Asked of the ledger each time; null where it does not say in time. */
  waiting(): Promise<PendingOutcomes | null>;
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
    ...{ ready, checks, waiting: waiting && describeWaiting(waiting), findings: findingsOf(health) },
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

function describeWaiting({ count, since }: PendingOutcomes) {
  return { outcomes: count, since: since === null ? null : new Date(since).toISOString() };
}

/** Who asks for readiness is a machine that asks again in a few seconds. */
const usualWithinMs = 1_000;

/** The outcomes that could not be told so far; null where the ledger does not say, or not in time. */
export async function waitingInTime(
  ledger: Pick<Ledger, 'pendingOutcomes'>,
  withinMs = usualWithinMs,
): Promise<PendingOutcomes | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(late.resolve, withinMs, null);
  try {
    return await Promise.race([ledger.pendingOutcomes(), late.promise]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
