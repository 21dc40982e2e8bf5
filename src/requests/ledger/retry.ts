import { setTimeout as wait } from 'node:timers/promises';
import { limits } from '../retry-policy.ts';

/** The ledger could not be worked with in time. Nothing was written, unless `inDoubt`: the commit was under way. */
export class LedgerUnavailableError extends Error {
  override name = 'LedgerUnavailableError';
  readonly inDoubt: boolean;

  constructor(inDoubt: boolean, cause: unknown) {
    super(inDoubt ? 'the ledger did not confirm in time' : 'the ledger could not be reached in time', { cause });
    this.inDoubt = inDoubt;
  }
}

/** What an attempt that failed says of the next one. */
export type RetryRules = {
  /** Whether what failed may go well when it is tried again. */
  isTransient(error: unknown): boolean;
  /** Whether a commit that failed with this certainly wrote nothing. */
  isUnwritten(error: unknown): boolean;
  /** Hears of every failure. `isLast`: the caller has given up. */
  failed(error: unknown, isLast: boolean): void;
};

/** One attempt. It calls `committing` when all is written and only the commit remains. */
type Attempt<T> = (committing: () => void) => Promise<T>;

/**
 * Tries again what may pass, until `signal` aborts. Rejects with a LedgerUnavailableError then, also while an
 * attempt hangs, and with whatever else went wrong at once.
 */
export async function retryUntilAborted<T>(
  attempt: Attempt<T>,
  { isTransient: mayPass, isUnwritten, failed }: RetryRules,
  signal: AbortSignal,
): Promise<T> {
  let inDoubt = false;
  let last: unknown;
  const given = aborted(signal);
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
        return await Promise.race([result, given.up]);
      } catch (error) {
        inDoubt ||= committing && !isUnwritten(error);
        if (signal.aborted) break;
        failed(error, false);
        if (!mayPass(error)) throw error;
        last = error;
        await Promise.race([wait(waitMs), given.up]).catch(() => {});
      }
    }
  } finally {
    given.forget();
  }
  if (last !== undefined) failed(last, true);
  throw new LedgerUnavailableError(inDoubt, last ?? signal.reason);
}

function aborted(signal: AbortSignal) {
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  promise.catch(() => {});
  return { up: promise, forget: () => signal.removeEventListener('abort', giveUp) };
}
