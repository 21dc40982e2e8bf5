import bolt from '@slack/bolt';
import { LRUCache } from 'lru-cache';
import type { RetryAfterMs } from '../access/decision.ts';
import { platformError } from './slack-error.ts';

const { WebAPIRateLimitedError } = bolt.webApi;

/** The longest that one 429 keeps this process from asking: longer than any order waits for a look-up. */
const mostRetryAfterMs = 120_000;

/** What no waiting mends (documentation of users.info, usergroups.users.list and conversations.info). Anything else may pass. */
const final: ReadonlySet<string> = new Set([
  'user_not_found',
  'user_not_visible',
  'users_not_found',
  'no_such_subteam',
  'subteam_not_found',
  'channel_not_found',
  'team_not_found',
  'missing_scope',
  'access_denied',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'no_permission',
  'permission_denied',
  'plan_upgrade_required',
  'team_access_not_granted',
  'two_factor_setup_required',
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
  'not_allowed_token_type',
  'invalid_arguments',
  'deprecated_endpoint',
  'method_deprecated',
  'unknown_method',
]);

/** Slack asked to wait, and the time is not over. */
class RetryAfterError extends Error {
  override name = 'AskedToWaitError';
  readonly leftMs: number;

  constructor(leftMs: number) {
    super('Slack asked to wait');
    this.leftMs = leftMs;
  }
}

/** When a look-up that failed is worth another try. */
export function retryAfterMs(error: unknown): RetryAfterMs {
  if (error instanceof RetryAfterError) return error.leftMs;
  if (error instanceof WebAPIRateLimitedError) return Math.min(error.retryAfter * 1_000, mostRetryAfterMs);
  return final.has(platformError(error) ?? '') ? null : 0;
}

/** How many people, channels and groups are remembered at once. */
export const mostEntries = 2_000;

export type CachedLookUpOptions<T> = {
  /** Milliseconds from any beginning. */
  readonly clock: () => number;
  readonly load: (id: string) => Promise<T>;
  readonly ttlMs: (value: T) => number;
};

/** @param oldestMs asks again where the answer is older, whatever it is good for */
export type CachedLookUp<T> = (id: string, oldestMs?: number) => Promise<T>;

/**
 * One request at a time for the same thing, and its answer for as long as it is good. After a 429 Slack is not asked
 * for anything of the kind until `Retry-After` is over: its limits are per method.
 */
export function createCachedLookUp<T extends object | string>({
  clock,
  load,
  ttlMs,
}: CachedLookUpOptions<T>): CachedLookUp<T> {
  let askAgainAt = Number.NEGATIVE_INFINITY;

  async function ask(id: string): Promise<T> {
    const leftMs = askAgainAt - clock();
    if (leftMs > 0) throw new RetryAfterError(leftMs);
    try {
      return await load(id);
    } catch (error) {
      if (error instanceof WebAPIRateLimitedError) askAgainAt = clock() + (retryAfterMs(error) ?? 0);
      throw error;
    }
  }

  const cache = new LRUCache<string, { readonly value: T; readonly at: number }>({
    max: mostEntries,
    ttl: 1,
    ttlResolution: 0,
    perf: { now: clock },
    async fetchMethod(id, _stale, { options }) {
      const value = await ask(id);
      options.ttl = ttlMs(value);
      return { value, at: clock() };
    },
  });
  return async (id, oldestMs = Number.POSITIVE_INFINITY) => {
    const known = cache.peek(id);
    const forceRefresh = known !== undefined && clock() - known.at > oldestMs;
    // What was good before stays so for others.
    return (await cache.forceFetch(id, { forceRefresh, noDeleteOnFetchRejection: true })).value;
  };
}
