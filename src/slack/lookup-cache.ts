import bolt from '@slack/bolt';
import { LRUCache } from 'lru-cache';
import type { RetryAfterMs } from '../access/decision.ts';
import { platformError } from './slack-error.ts';

const { WebAPIRateLimitedError } = bolt.webApi;

/** The longest `Retry-After` that is respected: no order waits this long for a look-up. */
const mostRetryAfterMs = 120_000;

/** Errors that a retry cannot resolve (documentation of users.info, usergroups.users.list and conversations.info). All others are transient. */
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

/** An earlier `Retry-After` of Slack is not over. */
class RetryAfterError extends Error {
  override name = 'AskedToWaitError';
  readonly leftMs: number;

  constructor(leftMs: number) {
    super('Retry-After of Slack is not over');
    this.leftMs = leftMs;
  }
}

/** When a failed look-up may be retried; null: never. */
export function retryAfterMs(error: unknown): RetryAfterMs {
  if (error instanceof RetryAfterError) return error.leftMs;
  if (error instanceof WebAPIRateLimitedError) return Math.min(error.retryAfter * 1_000, mostRetryAfterMs);
  return final.has(platformError(error) ?? '') ? null : 0;
}

/** Whether Slack limits the calls now, so that another method may still answer. Some limits come with status 200. */
function isLimited(error: unknown): boolean {
  const isRefused = error instanceof RetryAfterError || error instanceof WebAPIRateLimitedError;
  return isRefused || platformError(error) === 'ratelimited';
}

/** The most entries of each cache. */
export const mostEntries = 2_000;

export type CachedLookUpOptions<T> = {
  /** A monotonic clock, in milliseconds. */
  readonly clock: () => number;
  readonly load: (id: string) => Promise<T>;
  readonly ttlMs: (value: T) => number;
};

/** @param oldestMs loads again if the cached answer is older than this, even within its TTL */
export type CachedLookUp<T> = (id: string, oldestMs?: number) => Promise<T>;

/**
 * A look-up with a cache: at most one call at a time for an ID. After a 429 there is no call of this look-up until
 * `Retry-After` is over, because Slack's limits are per method.
 */
export function createCachedLookUp<T extends object | string>({
  clock,
  load,
  ttlMs,
}: CachedLookUpOptions<T>): CachedLookUp<T> {
  let retryAt = Number.NEGATIVE_INFINITY;

  async function loadUnlessLimited(id: string): Promise<T> {
    const leftMs = retryAt - clock();
    if (leftMs > 0) throw new RetryAfterError(leftMs);
    try {
      return await load(id);
    } catch (error) {
      if (error instanceof WebAPIRateLimitedError) retryAt = clock() + (retryAfterMs(error) ?? 0);
      throw error;
    }
  }

  const cache = new LRUCache<string, { readonly value: T; readonly at: number }>({
    max: mostEntries,
    ttl: 1,
    ttlResolution: 0,
    perf: { now: clock },
    async fetchMethod(id, _stale, { options }) {
      const value = await loadUnlessLimited(id);
      options.ttl = ttlMs(value);
      return { value, at: clock() };
    },
  });
  return async (id, oldestMs = Number.POSITIVE_INFINITY) => {
    const known = cache.peek(id);
    const forceRefresh = known !== undefined && clock() - known.at > oldestMs;
    // If the refresh fails, the cached value stays valid for other callers.
    return (await cache.forceFetch(id, { forceRefresh, noDeleteOnFetchRejection: true })).value;
  };
}

/** A list, and when it was asked for. */
export type Listed<T> = { readonly askedAt: number; readonly values: ReadonlyMap<string, T> };

/** The only key of the cache of a list. */
const wholeList = '';

/** For how long after a limit the list is asked first, so that the look-ups do not meet the next limit at once. */
const listedFirstMs = 40_000;

/**
 * A look-up that Slack limits is answered from a list, which needs one call for many answers and has a limit of its own.
 * Where the list has no answer either, the look-up fails as it would without one.
 */
export function orListed<T>(
  lookUp: CachedLookUp<T>,
  list: CachedLookUp<Listed<T>>,
  clock: () => number,
): CachedLookUp<T> {
  let listedFirstUntil = Number.NEGATIVE_INFINITY;
  const inList = async (id: string, oldestMs?: number) =>
    (await list(wholeList, oldestMs).catch(() => null))?.values.get(id);

  return async (id, oldestMs) => {
    const known = clock() < listedFirstUntil ? await inList(id, oldestMs) : undefined;
    if (known !== undefined) return known;
    try {
      return await lookUp(id, oldestMs);
    } catch (error) {
      const value = isLimited(error) ? await inList(id, oldestMs) : undefined;
      if (value === undefined) throw error;
      listedFirstUntil = clock() + listedFirstMs;
      return value;
    }
  };
}
