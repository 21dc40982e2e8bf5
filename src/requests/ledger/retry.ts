import { setTimeout as wait } from 'node:timers/promises';
import { limits } from '../retry-policy.ts';

/** The ledger did not respond in time. Nothing was written, unless `inDoubt`: then the result of the commit is not known. */
export class LedgerUnavailableError extends Error {
  override name = 'LedgerUnavailableError';
  readonly inDoubt: boolean;

  constructor(inDoubt: boolean, cause: unknown) {
    super(inDoubt ? 'the ledger did not confirm in time' : 'the ledger could not be reached in time', { cause });
    this.inDoubt = inDoubt;
  }
}

/** Why an attempt is given up that hangs. */
export class NoResponseError extends Error {
  override name = 'NoResponseError';
}

/** How to treat the failure of an attempt. */
export type RetryRules = {
  /** Whether a retry can succeed. */
  isTransient(error: unknown): boolean;
  /** Whether a commit that failed with this error certainly wrote nothing. */
  isUnwritten(error: unknown): boolean;
  /** Called for every failure. `isLast`: the caller has given up. */
  failed(error: unknown, isLast: boolean): void;
};

/** One attempt. It calls `committing` just before the commit. */
type Attempt<T> = (committing: () => void) => Promise<T>;

/**
 * Retries transient failures until `signal` aborts, then rejects with a LedgerUnavailableError, also if an attempt
 * hangs. Rejects with any other error at once.
 */
export async function retryUntilAborted<T>(
  attempt: Attempt<T>,
  { isTransient, isUnwritten, failed }: RetryRules,
  signal: AbortSignal,
): Promise<T> {
  let inDoubt = false;
  let last: unknown;
  const abort = watchAbort(signal);
  try {
    for (
      let waitMs: number = limits.ledger.firstPauseMs;
      !signal.aborted;
      waitMs = Math.min(2 * waitMs, limits.ledger.mostPauseMs)
    ) {
      let committing = false;
      try {
        const result = attempt(() => {
          committing = true;
        });
        return await Promise.race([result, abort.rejection]);
      } catch (error) {
        inDoubt ||= committing && !isUnwritten(error);
        if (signal.aborted) break;
        failed(error, false);
        if (!isTransient(error)) throw error;
        last = error;
        await Promise.race([wait(waitMs), abort.rejection]).catch(() => {});
      }
    }
  } finally {
    abort.unwatch();
  }
  const cause: unknown = last ?? signal.reason;
  // Other reasons to give up are the caller's own, and say nothing of the ledger.
  if (last !== undefined || cause instanceof NoResponseError) failed(cause, true);
  throw new LedgerUnavailableError(inDoubt, cause);
}

/** A promise that rejects when `signal` aborts. */
function watchAbort(signal: AbortSignal) {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  promise.catch(() => {});
  return { rejection: promise, unwatch: () => signal.removeEventListener('abort', onAbort) };
}

/** Aborts the work after a time. Unlike with `AbortSignal.timeout`, no timer is left when it ends before. */
export async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(
    () => limit.abort(new NoResponseError(`the ledger did not respond within ${ms} ms`)),
    ms,
  ).unref();
  try {
    return await work(limit.signal);
  } finally {
    clearTimeout(timer);
  }
}
