import type { Policy } from '../../access/policy.ts';
import type { MessageSearch, PostResult } from '../attempt-results.ts';
import type { SlackReason } from '../outcome.ts';
import type { Log, Ports } from '../ports.ts';
import { updates } from '../priority.ts';
import { isWithinLease } from '../record.ts';
import { newestId } from '../recovery/moved-channel.ts';
import { backoffMs, isSlackUnavailable, limits } from '../retry-policy.ts';
import type { TryResult, WatchProblem } from './outbox.ts';
import type { ClaimedWatchPost } from './watch-store.ts';

/** The messages of watches. Each call is one attempt, without retries. */
export type WatchMessenger = {
  post(claimed: ClaimedWatchPost): Promise<PostResult>;
  edit(claimed: ClaimedWatchPost): Promise<PostResult>;
  reply(claimed: ClaimedWatchPost): Promise<PostResult>;
  /** Searches for the alert, or for the reply, that an earlier try may have posted. */
  find(claimed: ClaimedWatchPost): Promise<WatchSearch>;
};

/** `shows`: the state that the message has. */
export type WatchSearch =
  | Exclude<MessageSearch, { kind: 'found' }>
  | { readonly kind: 'found'; readonly ts: string; readonly shows: unknown };

export type Telling = Pick<Ports, 'random'> & {
  readonly policy: () => Pick<Policy, 'sharedChannels'>;
  readonly directory: Pick<Ports['directory'], 'channelStatus' | 'place'>;
  readonly ledger: Pick<Ports['ledger'], 'watches' | 'recordRateLimit' | 'isPaced' | 'now'>;
  readonly watchMessenger: WatchMessenger;
  readonly log: Log & { debug: Log['info'] };
};

/**
 * Carries out one claimed post. A lost answer leaves it in doubt: it is searched for before it is posted again. A process that
 * was suspended leaves it to whoever claims it next.
 */
export async function tellChannel(claimed: ClaimedWatchPost, ports: Telling): Promise<void> {
  const { channel, workflowId, environment } = claimed.terms;
  const post = { channel, workflow: workflowId, environment, post: claimed.tried.next };
  ports.log.debug(post, 'a watch begins to post');
  const result = await tryOnce(claimed, ports);
  if (result === null) return;
  const isNews = await ports.ledger.watches.settlePost(claimed, result);
  ports.log.debug({ ...post, result: result.kind }, 'a watch has tried to post');
  // A limit passes by itself.
  if (!isNews || !('problem' in result) || result.problem === 'rate_limited') return;
  const { problem } = result;
  const about = { channel, workflow: workflowId, environment, problem };
  ports.log.error(about, 'what a watch has seen could not be posted in its channel; it is retried');
}

/** What Slack does not show under the channel's ID is tried again under the one that it has now. */
async function tryOnce(claimed: ClaimedWatchPost, ports: Telling): Promise<TryResult | null> {
  const { terms } = claimed;
  const result = (await obstacleIn(claimed, ports)) ?? (await tryIn(claimed, ports));
  if (result === null || !('problem' in result && isOfHiddenChannel(result.problem))) return result;
  const now = await newestId(terms.channel, ports, 0);
  if (now.kind === 'moved') return tryIn({ ...claimed, terms: { ...terms, channel: now.to } }, ports);
  // Nothing is left for long before that is known.
  return now.kind === 'unknown' && now.retryAfterMs !== null && result.kind !== 'in_doubt'
    ? { ...result, kind: 'not_done', retryInMs: Math.max(now.retryAfterMs, backoff(claimed, ports.random)) }
    : result;
}

/** People of other organizations may have been let into the channel since: they must not read of the workflows. */
async function obstacleIn(claimed: ClaimedWatchPost, ports: Telling): Promise<TryResult | null> {
  const { channel } = claimed.terms;
  const place = await ports.directory.place(channel);
  if (place.ok && (!place.value.shared || ports.policy().sharedChannels.has(channel))) return null;
  const kind = claimed.isInDoubt ? 'in_doubt' : 'not_done';
  if (place.ok) return { kind, problem: 'channel_shared', retryInMs: limits.watch.refusedMs };
  return { kind, problem: 'unreachable', retryInMs: Math.max(place.retryAfterMs ?? 0, backoff(claimed, ports.random)) };
}

function isOfHiddenChannel(problem: WatchProblem): boolean {
  return problem === 'channel_not_found' || problem === 'unknowable';
}

/** Null: another process may have claimed it before this would be posted. */
async function tryIn(claimed: ClaimedWatchPost, ports: Telling): Promise<TryResult | null> {
  const { watchMessenger, random, ledger } = ports;
  const { tried, isInDoubt, terms, outbox } = claimed;
  const limited = tried.next === 'edit' ? updates : terms.channel;
  // What people ask for goes first.
  if (await ledger.isPaced(limited)) {
    const kind = isInDoubt ? 'in_doubt' : 'not_done';
    return { kind, problem: 'rate_limited', retryInMs: limits.watch.pacedMs };
  }
  if (tried.next === 'edit') return carryOut(claimed, ports);
  const found = isInDoubt ? await watchMessenger.find(claimed) : null;
  switch (found?.kind) {
    case 'found':
      return { kind: 'done', ts: found.ts, found };
    case 'unreachable':
      return { kind: 'in_doubt', problem: 'unreachable', retryInMs: backoff(claimed, random) };
    case 'unknowable':
      // A second message is better than none.
      if (outbox.attempts >= limits.watch.searches) break;
      return { kind: 'in_doubt', problem: 'unknowable', retryInMs: limits.watch.refusedMs };
    default:
      break;
  }
  return carryOut(claimed, ports);
}

async function carryOut(claimed: ClaimedWatchPost, ports: Telling): Promise<TryResult | null> {
  if (!isWithinLease(claimed.leaseUntil, ports)) return null;
  return resultOf(await ports.watchMessenger[claimed.tried.next](claimed), claimed, ports);
}

/** The channel is closed to the bot, and its alert is still there. */
const mayReturn: ReadonlySet<SlackReason> = new Set(['not_in_channel', 'channel_archived', 'channel_not_found']);

async function resultOf(
  posted: PostResult,
  claimed: ClaimedWatchPost,
  { ledger, random }: Telling,
): Promise<TryResult> {
  switch (posted.kind) {
    case 'posted':
      return { kind: 'done', ts: posted.ts };
    case 'rate_limited': {
      const retryInMs = Math.min(posted.retryAfterMs, limits.slackRetryAfter.mostMs);
      const channel = claimed.tried.next === 'edit' ? updates : claimed.terms.channel;
      await ledger.recordRateLimit({ channel, retryAfterMs: retryInMs });
      return { kind: 'not_done', problem: 'rate_limited', retryInMs };
    }
    case 'doubt':
      return { kind: 'in_doubt', problem: 'doubt', retryInMs: limits.watch.leaseMs };
    case 'refused':
      if (isSlackUnavailable(posted.reason)) {
        return { kind: 'not_done', problem: posted.reason, retryInMs: backoff(claimed, random) };
      }
      // Somebody may invite the bot. What has no place any more is left out.
      return claimed.tried.next === 'post' || mayReturn.has(posted.reason)
        ? { kind: 'not_done', problem: posted.reason, retryInMs: limits.watch.refusedMs }
        : { kind: 'given_up', problem: posted.reason };
    default:
      return posted satisfies never;
  }
}

function backoff({ outbox }: ClaimedWatchPost, random: () => number): number {
  return backoffMs(outbox.attempts, random());
}
