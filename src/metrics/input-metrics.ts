import { Counter, Histogram, type Registry } from 'prom-client';
import { type TurnedAwayReason, turnedAwayReasons } from '../slack/transport/turned-away.ts';
import { acknowledgementBuckets } from './buckets.ts';

const arrivals = ['command', 'press', 'form'] as const;
const faultPlaces = ['interaction', 'record', 'step'] as const;

/** What arrives from Slack, and what of it is not taken. */
export type InputMetrics = {
  readonly arrived: (what: (typeof arrivals)[number]) => void;
  /** An interaction was acknowledged, so many milliseconds after it had arrived. */
  readonly acknowledged: (ms: number) => void;
  readonly fault: (where: (typeof faultPlaces)[number]) => void;
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
  readonly unthreaded: () => void;
};

export function inputMetrics(registers: [Registry]): InputMetrics {
  const arrived = new Counter({
    name: 'campaign_wf_interactions_total',
    help: 'Slash commands, presses of buttons, and uses of the form that arrived from Slack.',
    labelNames: ['kind'],
    registers,
  });
  const acknowledgement = new Histogram({
    name: 'campaign_wf_acknowledgement_seconds',
    help: 'From the arrival of an interaction to its acknowledgement, for which Slack waits three seconds.',
    buckets: acknowledgementBuckets,
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
  const unthreaded = new Counter({
    name: 'campaign_wf_replies_unthreaded_total',
    help: 'Replies that stand in the channel itself, because their announcement was deleted.',
    registers,
  });
  for (const kind of arrivals) arrived.inc({ kind }, 0);
  for (const where of faultPlaces) faults.inc({ where }, 0);
  for (const reason of turnedAwayReasons) turnedAway.inc({ reason }, 0);
  return {
    arrived: (kind) => arrived.inc({ kind }),
    acknowledged: (ms) => acknowledgement.observe(ms / 1_000),
    fault: (where) => faults.inc({ where }),
    unnamedChannel: () => unnamedChannels.inc(),
    repeatedPress: () => repeatedPresses.inc(),
    rateLimited: (kind) => rateLimited.inc({ kind }),
    tooManyOpen: () => tooManyOpen.inc(),
    turnedAway: (reason) => turnedAway.inc({ reason }),
    unthreaded: () => unthreaded.inc(),
  };
}
