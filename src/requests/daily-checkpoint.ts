import type { MessageSearch, PostResult } from './attempt-results.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { ClaimedPost, PostTry } from './ledger/log/log-posts.ts';
import type { PostProblem } from './outcome.ts';
import type { Log } from './ports.ts';
import { backoffMs, isSlackUnavailable, limits } from './retry-policy.ts';

/** The message in the channel of the record. Each call is one attempt, without retries. */
export type CheckpointMessenger = {
  post(checkpoint: ClaimedPost): Promise<PostResult>;
  /** Searches a channel for the message of this day with this checkpoint. */
  find(channel: string, checkpoint: ClaimedPost): Promise<MessageSearch>;
};

type Needs = {
  readonly ledger: Pick<Ledger, 'claimLogPost' | 'settleLogPost' | 'now' | 'problem'>;
  readonly messenger: CheckpointMessenger;
  /** The channel of the record; null: none. */
  readonly channel: () => string | null;
  readonly random: () => number;
  readonly log: Log;
};

export type DailyCheckpoint = {
  /** Looks at once whether there is something to post. */
  wake(): void;
  /** Posts nothing more; resolves when a post in progress has ended. */
  end(): Promise<void>;
};

/**
 * Posts the newest checkpoint in the channel of the record, once a day (UTC), where something has happened since the last
 * one. Of several processes one claims the day; the claim of one that dies is taken over, and the message is searched for
 * before it is posted again.
 */
export function startDailyCheckpoint(needs: Needs): DailyCheckpoint {
  const { log, ledger } = needs;
  let posting: Promise<void> | null = null;
  const tick = () => {
    posting ??= postToday(needs)
      .catch((error) => {
        // A problem of the ledger has been logged by the ledger.
        if (ledger.problem() === null) log.error({ err: error }, 'the checkpoint of the day could not be posted');
      })
      .finally(() => {
        posting = null;
      });
  };
  const timer = setInterval(tick, limits.dailyCheckpoint.everyMs);
  tick();
  return {
    wake: tick,
    async end() {
      clearInterval(timer);
      await posting;
    },
  };
}

async function postToday(needs: Needs): Promise<void> {
  const { ledger, log } = needs;
  const channel = needs.channel();
  const claimed = channel === null ? null : await ledger.claimLogPost(channel, limits.dailyCheckpoint.leaseMs);
  if (claimed === null) return;
  const result = await tryOnce(claimed, needs);
  const isNews = await ledger.settleLogPost(claimed, result);
  if (!isNews) return;
  const { day, size } = claimed;
  if (result.kind === 'posted') {
    log.info({ channel: claimed.channel, day, size }, 'the checkpoint of the day is posted');
  } else {
    const { problem } = result;
    const told = 'the checkpoint of the day could not be posted in the channel of the record; it is retried';
    log.error({ channel: claimed.channel, day, problem }, told);
  }
}

async function tryOnce(claimed: ClaimedPost, needs: Needs): Promise<PostTry> {
  const { messenger } = needs;
  const found = claimed.before === null ? null : await messenger.find(claimed.before, claimed);
  switch (found?.kind) {
    case 'found':
      return { kind: 'posted', ts: found.ts };
    case 'unreachable':
      return retried('in_doubt', 'unreachable', limits.dailyCheckpoint.leaseMs, needs);
    case 'unknowable':
      return retried('in_doubt', 'history_unreadable', limits.dailyCheckpoint.refusedMs, needs);
    default:
      return resultOf(await messenger.post(claimed), needs);
  }
}

function resultOf(posted: PostResult, needs: Needs): PostTry {
  switch (posted.kind) {
    case 'posted':
      return posted;
    case 'rate_limited':
      return retried('not_posted', 'rate_limited', Math.min(posted.retryAfterMs, limits.slackRetryAfter.mostMs), needs);
    case 'refused':
      return retried('not_posted', posted.reason, waitAfter(posted.reason), needs);
    case 'doubt':
      return retried('in_doubt', 'doubt', limits.dailyCheckpoint.leaseMs, needs);
    default:
      return posted satisfies never;
  }
}

function waitAfter(reason: PostProblem): number {
  return isSlackUnavailable(reason) ? limits.dailyCheckpoint.leaseMs : limits.dailyCheckpoint.refusedMs;
}

function retried(kind: 'not_posted' | 'in_doubt', problem: string, waitMs: number, { ledger, random }: Needs): PostTry {
  return { kind, problem, retryAt: ledger.now() + waitMs + backoffMs(0, random()) };
}
