import { setTimeout as wait } from 'node:timers/promises';
import { backoffMs } from '../requests/retry-policy.ts';
import { classifySlackError, platformError } from './slack-error.ts';

/** Slack's tier 3 is 50 calls a minute for each method (docs.slack.dev/apis/web-api/rate-limits). */
const pacedEveryMs = 1_200;

/** Makes a call, as often as Slack and the network need. */
export type SlackCall = <T>(method: string, call: () => Promise<T>) => Promise<T>;

type SlackCallOptions = {
  readonly signal?: AbortSignal;
  readonly mostWaitMs?: number;
  /** Waits so many milliseconds. Default: with a timer, until `signal` aborts. */
  readonly pause?: (ms: number) => Promise<unknown>;
};

/**
 * One call after the other, each repeated at most `mostFailures` times while Slack does not answer. After a rate limit a method waits as long as Slack says, and is paced from then on. Throws what
 * Slack refuses for good, what went on failing, a rate limit of more than `mostWaitMs`, and when `signal` aborts a wait.
 */
export function createSlackCalls(
  mostFailures: number,
  { signal, mostWaitMs = Number.POSITIVE_INFINITY, pause = untilAborted(signal) }: SlackCallOptions = {},
): SlackCall {
  const pace = createPace(pause);
  return async (method, call) => {
    for (let failures = 0; ; ) {
      await pace.turn(method);
      try {
        return await call();
      } catch (error) {
        const failure = classifySlackError(error);
        if (failure.kind === 'rate_limited' && failure.retryAfterMs <= mostWaitMs) {
          pace.limit(method, failure.retryAfterMs);
          continue;
        }
        if (isFinal(error) || failures >= mostFailures) throw error;
        await pause(backoffMs(failures, Math.random()));
        failures += 1;
      }
    }
  };
}

function untilAborted(signal: AbortSignal | undefined) {
  return (ms: number) => wait(ms, undefined, signal && { signal });
}

/** When each method that Slack has limited may be called next. */
function createPace(pause: (ms: number) => Promise<unknown>) {
  const nextAt = new Map<string, number>();
  return {
    async turn(method: string) {
      const at = nextAt.get(method);
      if (at === undefined) return;
      await pause(Math.max(0, at - performance.now()));
      nextAt.set(method, performance.now() + pacedEveryMs);
    },
    limit(method: string, retryAfterMs: number) {
      nextAt.set(method, performance.now() + retryAfterMs);
    },
  };
}

/** Of a rate limit: it was too long to wait for. */
function isFinal(error: unknown): boolean {
  const failure = classifySlackError(error);
  if (failure.kind === 'rate_limited') return true;
  return platformError(error) !== null && failure.kind === 'refused' && failure.reason !== 'unreachable';
}
