import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LedgerProblem } from '../../requests/ledger/health.ts';
import type { Ledger, PendingOutcomes } from '../../requests/ledger/ledger.ts';
import type { Restored } from '../../requests/ledger/log/log-event.ts';
import { shortCheckpoint } from '../../transparency-log/checkpoint.ts';
import { version } from '../../version.ts';
import type { ClockOffset } from '../clock-watch.ts';

/** The process's health and metrics. */
export type Health = Readiness & { metrics(): Promise<{ contentType: string; body: string }> };

export const healthPaths = ['/healthz', '/readyz', '/metrics'] as const;
export type HealthPath = (typeof healthPaths)[number];

type Page = { readonly status: number; readonly type: string; readonly body: string };

const text = 'text/plain; charset=utf-8';

/** Whether a request is one for a page: of a monitor or a browser, never of Slack. */
export function isForPages({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && headers['x-slack-signature'] === undefined;
}

/** @param path null if this server has no such page */
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

/** The facts that readiness depends on. */
export type Readiness = {
  /** Checks by name. Ready means that all of them hold. */
  readonly checks: ReadonlyMap<string, () => boolean>;
  /** The outcomes that wait to be posted, read from the ledger each time; null if it does not answer in time. */
  waiting(): Promise<PendingOutcomes | null>;
  /** Why the ledger cannot be used; null if it can. */
  ledgerProblem(): LedgerProblem | null;
  /** Why checkpoints cannot be appended to the witness file; null if they can, or there is none. */
  witnessProblem(): string | null;
  /** That the ledger lacks a checkpoint which was seen elsewhere; null if it lacks none. */
  restored(): Restored | null;
  /** Requests that the channels show and that the ledger lacks or has with other contents. */
  missing(): readonly string[];
  /** Why Slack takes no App Home, where somebody has to mend the app's settings; null: it does, or none was shown. */
  homeProblem(): string | null;
  /** Calendars of freezes that cannot be read at present. */
  unreadCalendars(): readonly string[];
  /** The offset of this machine's clock from Slack's; null if it does not matter. */
  clockOffset(): ClockOffset | null;
  /** What the self-check has found. */
  selfCheck(): readonly { readonly name: string }[];
  /** Since when the configuration file has been rejected while earlier rules are in force, in milliseconds; or null. */
  rejectedSince(): number | null;
};

/**
 * `{"ready":true,"version":"1.2.3","checks":{"ledger":true,…},"waiting":{"outcomes":2,"since":"2026-11-10T12:00:00.000Z"}}`: 200 when ready,
 * otherwise 503, with `"ledger":{"problem":"disk_full"}` if the cause is known. Outcomes that wait for Slack do not affect
 * readiness; a ledger that cannot be read does.
 * Findings do not affect readiness: `"findings":[{"name":"ledger_behind_channel","requests":["7K3M9QPA"]}]` if the channels show
 * more than the ledger has, `{"name":"clock_off","seconds":360,"direction":"behind"}` if this machine's clock is wrong.
 */
export async function readiness(health: Readiness): Promise<{ status: 200 | 503; body: string }> {
  const waiting = await health.waiting();
  const problem = health.ledgerProblem();
  const checks = { ...checksOf(health), ...(waiting === null && { ledger: false }) };
  const ready = Object.values(checks).every(Boolean);
  const body = JSON.stringify({
    ...{ ready, version, checks, waiting: waiting && describeWaiting(waiting), findings: findingsOf(health) },
    ...(problem !== null && { ledger: { problem } }),
  });
  return { status: ready ? 200 : 503, body: `${body}\n` };
}

/** Whether each check holds, as far as it is known without asking the ledger. */
export function checksOf(health: Pick<Readiness, 'checks' | 'ledgerProblem'>): Readonly<Record<string, boolean>> {
  const checks = Object.fromEntries([...health.checks].map(([name, check]) => [name, check()]));
  return health.ledgerProblem() === null ? checks : { ...checks, ledger: false };
}

/** What is wrong although the bot is ready. */
export function findingsOf(health: Omit<Readiness, 'checks' | 'waiting' | 'ledgerProblem'>) {
  const { missing, clockOffset, witnessProblem, restored, homeProblem, unreadCalendars, rejectedSince } = health;
  const calendars = unreadCalendars();
  const rejected = rejectedSince();
  const home = homeProblem();
  const requests = missing();
  const offset = clockOffset();
  const problem = witnessProblem();
  const behind = restored();
  return [
    ...(requests.length === 0 ? [] : [{ name: 'ledger_behind_channel', requests }]),
    ...(behind === null ? [] : [{ name: 'ledger_restored', ...describeRestored(behind) }]),
    ...(offset === null ? [] : [{ name: 'clock_off', ...offset }]),
    ...(problem === null ? [] : [{ name: 'witness_not_written', problem }]),
    ...(rejected === null ? [] : [{ name: 'configuration_rejected', since: new Date(rejected).toISOString() }]),
    ...(home === null ? [] : [{ name: 'home_not_shown', problem: home }]),
    ...(calendars.length === 0 ? [] : [{ name: 'freeze_calendar_unread', calendars }]),
    ...health.selfCheck(),
  ];
}

function describeRestored({ size, seen }: Restored) {
  return { size, seen: { checkpoint: shortCheckpoint(seen), ...seen.where } };
}

function describeWaiting({ count, since }: PendingOutcomes) {
  return { outcomes: count, since: since === null ? null : new Date(since).toISOString() };
}

/** The default time limit: a monitor repeats its query after a few seconds. */
const defaultWithinMs = 1_000;

/** The outcomes that are not posted yet; null if the ledger does not answer in time. */
export function waitingInTime(
  ledger: Pick<Ledger, 'pendingOutcomes'>,
  withinMs = defaultWithinMs,
): Promise<PendingOutcomes | null> {
  return inTime(() => ledger.pendingOutcomes(), withinMs);
}

/** What is read from the ledger; null if it fails or does not answer in time. */
export async function inTime<T>(read: () => Promise<T>, withinMs = defaultWithinMs): Promise<T | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(late.resolve, withinMs, null);
  try {
    return await Promise.race([read(), late.promise]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
