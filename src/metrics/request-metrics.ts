import { Counter, Histogram, type Registry } from 'prom-client';
import type { RequestedAction } from '../access/policy.ts';
import type { RecordedEvent } from '../requests/events.ts';
import { endReason } from '../requests/log-end.ts';
import { type Outcome, outcomes } from '../requests/outcome.ts';
import { isBatch, type Request } from '../requests/request.ts';
import { waitBuckets } from './buckets.ts';

/** How requests go on and end. */
export type RequestMetrics = {
  /** An event was recorded by this process; the request is as it is after the transaction. */
  readonly recorded: (event: RecordedEvent, request: Request) => void;
  /** The environments of the configuration: their counters begin at 0. */
  readonly environments: (names: readonly string[]) => void;
};

const sentVerbs = ['start', 'pause', 'resume', 'stop'] as const satisfies readonly RequestedAction[];

/** A counter that begins with its first increment hides it from `rate`. Every outcome has one series from the start, *unknown* each. */
const firstReasons: Readonly<Record<Exclude<Outcome, 'completed'>, readonly string[]>> = {
  accepted: ['taken'],
  rejected: ['other'],
  unknown: [
    ...['timeout', 'connection_lost', 'redirected', 'entry_error', 'campaign_error', 'server_error'],
    ...['answer_too_large', 'unexpected_answer', 'crashed', 'history_unreadable'],
  ],
  not_sent: ['too_late'],
  refused: ['not_permitted'],
  cancelled: ['decided'],
  expired: ['expired'],
  superseded: ['superseded'],
};

export function requestMetrics(registers: [Registry]): RequestMetrics {
  const ended = new Counter({
    name: 'campaign_wf_outcomes_total',
    help: 'Requests that ended, by outcome and reason. Of several workflows, each counts.',
    labelNames: ['outcome', 'reason', 'verb', 'environment'],
    registers,
  });
  const refusals = new Counter({
    name: 'campaign_wf_refusals_total',
    help: 'Requests and decisions that were refused, by reason.',
    labelNames: ['of', 'reason'],
    registers,
  });
  const emergencies = new Counter({
    name: 'campaign_wf_emergencies_total',
    help: 'Emergencies that were declared in place of confirmations, and that were reviewed. One about several workflows is one.',
    labelNames: ['what'],
    registers,
  });
  for (const what of ['declared', 'reviewed']) emergencies.inc({ what }, 0);
  const announcement = new Histogram({
    name: 'campaign_wf_announcement_seconds',
    help: 'From a command to its announcement in the channel.',
    buckets: waitBuckets,
    registers,
  });
  const answer = new Histogram({
    name: 'campaign_wf_answer_seconds',
    help: 'From the decision (without one, from the grant) to Campaign’s answer, retries included.',
    buckets: waitBuckets,
    registers,
  });
  const outcome = new Histogram({
    name: 'campaign_wf_outcome_seconds',
    help: 'From a command to its outcome, confirmations included.',
    labelNames: ['outcome'],
    buckets: waitBuckets,
    registers,
  });

  function countEnd(request: Request): void {
    const { end, order, requestedAt, approval, dispatch } = request;
    // Of a batch, each request is counted by its own outcome.
    if (end === null || isBatch(request)) return;
    const reason = endReason(end.because);
    ended.inc({ outcome: end.outcome, reason, verb: order.verb, environment: environmentOf(request) });
    if (end.outcome === 'refused') refusals.inc({ of: 'request', reason });
    outcome.observe({ outcome: end.outcome }, secondsBetween(requestedAt, end.at));
    const isAnswer = end.because.kind === 'taken' || end.because.kind === 'campaign';
    if (isAnswer && approval !== null && dispatch.attempts > 0) answer.observe(secondsBetween(approval.at, end.at));
  }

  function countEmergency(event: RecordedEvent, { batch }: Request): void {
    if (batch !== null) return;
    const isDeclared = (event.type === 'approved' || event.type === 'scheduled') && event.data.emergency !== undefined;
    if (isDeclared) emergencies.inc({ what: 'declared' });
    if (event.type === 'reviewed') emergencies.inc({ what: 'reviewed' });
  }

  return {
    recorded(event, request) {
      if (event.type === 'announced') announcement.observe(secondsBetween(request.requestedAt, event.at));
      countEmergency(event, request);
      if (event.type === 'ended' || event.type === 'reconciled') countEnd(request);
      if (event.type !== 'press_refused') return;
      const { refusal } = event.data;
      refusals.inc({ of: 'decision', reason: refusal.kind === 'access' ? refusal.refusal.reason : refusal.kind });
    },
    environments(names) {
      for (const one of outcomes) outcome.zero({ outcome: one });
      for (const environment of names) for (const verb of sentVerbs) beginAtZero(ended, { verb, environment });
    },
  };
}

/** The clocks of replicas differ a little. */
function secondsBetween(from: number, to: number): number {
  return Math.max(0, to - from) / 1_000;
}

function beginAtZero(ended: Counter, labels: { readonly verb: string; readonly environment: string }): void {
  for (const [outcome, reasons] of Object.entries(firstReasons))
    for (const reason of reasons) ended.inc({ outcome, reason, ...labels }, 0);
}

/** The name is that of the configuration at that time; where none was meant, whatever was typed is not a label. */
function environmentOf({ order }: Request): string {
  return order.organization === '' ? 'none' : order.environment;
}
