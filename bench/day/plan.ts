import type { Verb } from '../../src/commands/command.ts';
import { type Chance, chanceOf } from '../../test/faults/chance.ts';

/** 10 November 2026, 00:00 UTC. */
export const midnight = Date.UTC(2026, 10, 10);
export const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** What people do when a command asks for a confirmation. */
export type Decision = {
  /** `none`: nobody answers, and the question expires. */
  readonly choice: 'approve' | 'cancel' | 'none';
  readonly afterMs: number;
  /** Somebody without the right presses first. */
  readonly strangerFirst: boolean;
};

export type PlannedCommand = {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly channel: string;
  readonly requester: string;
  readonly verb: Verb;
  readonly workflowId: string;
  readonly decision: Decision;
};

export type DaySize = {
  /** Of the whole day. */
  readonly commands: number;
  readonly channels: number;
  readonly seed: number;
  /** The part of the day that is simulated, in hours. */
  readonly from: number;
  readonly to: number;
};

/** The commands of each hour in relation to each other: a morning with a peak, a smaller one after lunch, a quiet night. */
const hourWeights = [2, 1, 1, 1, 2, 4, 8, 14, 20, 22, 20, 16, 10, 14, 17, 16, 13, 9, 6, 4, 3, 3, 2, 2];

/** One burst for so many commands: one person, one channel, all at once. The first one is at 06:00, in the busiest channel. */
const commandsOfOneBurst = 1_000;
const firstBurst = { at: midnight + 6 * hourMs, channel: 0, starts: 60 };
const burstStarts = { least: 20, most: 60 };
const betweenBurstStartsMs = 50;

/** A channel's rank to this power divides its share: the first of 500 channels has 8 % of the commands. */
const skew = 0.8;
const requestersOfChannel = 8;
const workflowsOfChannel = 40;
/** In percent. */
const strangers = 4;

/** Nobody's colleague: no rule names this person. */
export const stranger = 'U0STRANGER';
export const channelId = (index: number) => `C0DAY${index}`;
export const requestersOf = ({ channels }: Pick<DaySize, 'channels'>) =>
  Array.from({ length: channels * 3 + requestersOfChannel }, (_, index) => requesterId(index));
export const leads = Array.from({ length: 30 }, (_, index) => `U0LEAD${index}`);

const requesterId = (index: number) => `U0USER${index}`;

/** The commands of a day, or of a part of it, the earliest first. The same seed gives the same day. */
export function planDay({ commands, channels, seed, from, to }: DaySize): readonly PlannedCommand[] {
  const chance = chanceOf(seed);
  const pickChannel = weighted(
    Array.from({ length: channels }, (_, rank) => 1 / (rank + 1) ** skew),
    chance,
  );
  const pickHour = weighted(hourWeights, chance);
  const anyTime = () => midnight + pickHour() * hourMs + chance.between(0, hourMs - 1);
  const planned: PlannedCommand[] = [];
  for (let burst = 0; burst < Math.ceil(commands / commandsOfOneBurst); burst++) {
    const random = {
      at: anyTime(),
      channel: pickChannel(),
      starts: chance.between(burstStarts.least, burstStarts.most),
    };
    planned.push(...burstOf(burst === 0 ? firstBurst : random, chance));
  }
  while (planned.length < commands) planned.push(single(anyTime(), pickChannel(), chance));
  return planned.filter(({ at }) => at >= timeOf(from) && at < timeOf(to)).toSorted((a, b) => a.at - b.at);
}

function single(at: number, channel: number, chance: Chance): PlannedCommand {
  const verb = chance.oneOf(verbs);
  const requester = chance.percent(strangers) ? stranger : requesterIn(channel, chance);
  return {
    at,
    channel: channelId(channel),
    requester,
    verb,
    workflowId: workflowIn(channel, chance),
    decision: decide(chance),
  };
}

/** 40 % pause, 25 % resume, 25 % start, 10 % stop. */
const verbs: readonly [Verb, ...Verb[]] = [
  ...many('pause', 8),
  ...many('resume', 5),
  ...many('start', 5),
  ...many('stop', 2),
];

function many(verb: Verb, count: number): [Verb, ...Verb[]] {
  return [verb, ...Array<Verb>(count - 1).fill(verb)];
}

type Burst = { readonly at: number; readonly channel: number; readonly starts: number };

/** Each workflow is another one, so that no start waits for another. */
function burstOf({ at, channel, starts }: Burst, chance: Chance): readonly PlannedCommand[] {
  const requester = requesterIn(channel, chance);
  return Array.from({ length: starts }, (_, index) => ({
    at: at + index * betweenBurstStartsMs,
    channel: channelId(channel),
    requester,
    verb: 'start',
    workflowId: `WKF${channel}B${index}`,
    decision: decide(chance),
  }));
}

function requesterIn(channel: number, chance: Chance): string {
  return requesterId(channel * 3 + chance.between(0, requestersOfChannel - 1));
}

function workflowIn(channel: number, chance: Chance): string {
  return `WKF${channel}N${chance.between(0, workflowsOfChannel - 1)}`;
}

/** 85 % confirm, 10 % keep it running, 5 % do not answer; after 5 seconds to 4 minutes, mostly within the first one. */
function decide(chance: Chance): Decision {
  const roll = chance.between(1, 100);
  const choice = roll <= 85 ? 'approve' : roll <= 95 ? 'cancel' : 'none';
  const afterMs = chance.percent(75) ? chance.between(5_000, minuteMs) : chance.between(minuteMs, 4 * minuteMs);
  return { choice, afterMs, strangerFirst: chance.percent(8) };
}

/** Draws an index, with these weights. */
function weighted(weights: readonly number[], chance: Chance): () => number {
  const sums: number[] = [];
  for (const weight of weights) sums.push((sums.at(-1) ?? 0) + weight);
  const fine = 1_000_000;
  return () => {
    const drawn = (chance.between(0, fine - 1) / fine) * (sums.at(-1) ?? 0);
    return sums.findIndex((sum) => drawn < sum);
  };
}

export const timeOf = (hour: number) => midnight + hour * hourMs;
