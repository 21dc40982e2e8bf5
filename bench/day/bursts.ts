import { limits } from '../../src/requests/retry-policy.ts';
import type { Refused } from './slack.ts';

/** The 429s of posts in one channel, as long as the bot paces the channel for them. */
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
    if (last !== undefined && one.begunAt <= pacedUntil(last)) bursts.at(-1)?.push(one);
    else bursts.push([one]);
  }
  return bursts;
}

function pacedUntil({ answeredAt, retryAfterMs }: Refused): number {
  const { betweenPostsMs, pacedMs } = limits.pacing;
  return answeredAt + Math.max(retryAfterMs, betweenPostsMs) + pacedMs;
}

function beyondFirst(burst: readonly Refused[]): number {
  const [first] = burst;
  return first === undefined ? 0 : burst.filter(({ begunAt }) => begunAt > first.answeredAt).length;
}
