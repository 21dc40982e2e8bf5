import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { type Outcome, outcomes } from './requests/outcome.ts';
import { type TurnedAwayReason, turnedAwayReasons } from './slack/transport/turned-away.ts';

/** The counters, for the people on call. */
export type Metrics = {
  readonly arrived: (what: 'command' | 'press' | 'form') => void;
  readonly fault: (where: 'interaction' | 'record' | 'step') => void;
  /** A command from a channel that no rule names: answered, but not recorded. */
  readonly unnamedChannel: () => void;
  /** A press that repeated a refused one and was not recorded. */
  readonly repeatedPress: () => void;
  /** Input of a person that was rejected by the limit per minute. */
  readonly rateLimited: (kind: string) => void;
  /** A command that was rejected because the person has too many open requests. */
  readonly tooManyOpen: () => void;
  /** An HTTP request or a connection that was rejected. */
  readonly turnedAway: (reason: TurnedAwayReason) => void;
  readonly ended: (outcome: Outcome) => void;
  readonly unthreaded: () => void;
  /** How many outcomes could not be posted yet; null if unknown. */
  readonly waiting: (outcomes: number | null) => void;
  readonly text: () => Promise<{ contentType: string; body: string }>;
};

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const arrived = new Counter({
    name: 'campaign_wf_interactions_total',
    help: 'Slash commands, presses of buttons, and uses of the form that arrived from Slack.',
    labelNames: ['kind'],
    registers,
  });
  const faults = new Counter({
    name: 'campaign_wf_faults_total',
    help: 'What went wrong in the bot itself: unanswered interactions, records not written, failed steps.',
    labelNames: ['where'],
    registers,
  });
  const unnamedChannels = new Counter({
    name: 'campaign_wf_unnamed_channel_commands_total',
    help: 'Commands from channels that the configuration does not name: answered, and not recorded.',
    registers,
  });
  const repeatedPresses = new Counter({
    name: 'campaign_wf_repeated_presses_total',
    help: 'Decisions that only repeated one that had been refused: answered, and not recorded.',
    registers,
  });
  const rateLimited = new Counter({
    name: 'campaign_wf_rate_limited_total',
    help: 'What was not taken because one person sent too much within a minute.',
    labelNames: ['kind'],
    registers,
  });
  const tooManyOpen = new Counter({
    name: 'campaign_wf_too_many_open_total',
    help: 'Commands that were not taken because one person had too many requests open.',
    registers,
  });
  const turnedAway = new Counter({
    name: 'campaign_wf_requests_turned_away_total',
    help: 'Requests, envelopes and connections that were not taken, by reason.',
    labelNames: ['reason'],
    registers,
  });
  const ended = new Counter({
    name: 'campaign_wf_outcomes_total',
    help: 'Requests that ended, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const unthreaded = new Counter({
    name: 'campaign_wf_replies_unthreaded_total',
    help: 'Replies that stand in the channel itself, because their announcement was deleted.',
    registers,
  });
  const waiting = new Gauge({
    name: 'campaign_wf_outcomes_waiting',
    help: 'Outcomes that could not be told in Slack so far and are tried again; NaN while the ledger cannot be read.',
    registers,
  });
  for (const outcome of outcomes) ended.inc({ outcome }, 0);
  for (const reason of turnedAwayReasons) turnedAway.inc({ reason }, 0);
  return {
    arrived: (kind) => arrived.inc({ kind }),
    fault: (where) => faults.inc({ where }),
    unnamedChannel: () => unnamedChannels.inc(),
    repeatedPress: () => repeatedPresses.inc(),
    rateLimited: (kind) => rateLimited.inc({ kind }),
    tooManyOpen: () => tooManyOpen.inc(),
    turnedAway: (reason) => turnedAway.inc({ reason }),
    ended: (outcome) => ended.inc({ outcome }),
    unthreaded: () => unthreaded.inc(),
    waiting: (count) => waiting.set(count ?? Number.NaN),
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
