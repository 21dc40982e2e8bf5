import { limits } from '../../src/requests/retry-policy.ts';
import type { Refused } from './slack.ts';

/** The 429s of posts in one channel, up to a pause after which the bot no longer paces the channel. */
export type Burst = {
  readonly channel: string;
  readonly refused: readonly Refused[];
  /** Those that began after the first one had been answered. The others were on their way at the same time. */
  readonly beyondFirst: number;
};

/** @param refused in the order of their answers */
export function burstsOf(refused: readonly Refused[]): readonly Burst[] {
  const posts = refused.filter(({ channel }) => channel !== '');
  return [...Map.groupBy(posts, ({ channel }) => channel)].flatMap(([channel, all]) =>
    split(all).map((burst) => ({ channel, refused: burst, beyondFirst: beyondFirst(burst) })),
  );
}

function split(refused: readonly Refused[]): readonly (readonly Refused[])[] {
  const bursts: Refused[][] = [];
  for (const one of refused) {
    const last = bursts.at(-1)?.at(-1);
    if (last !== undefined && one.answeredAt - last.answeredAt <= longestPauseMs) bursts.at(-1)?.push(one);
    else bursts.push([one]);
  }
  return bursts;
}

/** Slack's `Retry-After`, which is a few seconds, and the time for which the channel stays paced after it. */
const longestPauseMs = limits.pacing.pacedMs + 5_000;

function beyondFirst(burst: readonly Refused[]): number {
  const [first] = burst;
  return first === undefined ? 0 : burst.filter(({ begunAt }) => begunAt > first.answeredAt).length;
}
