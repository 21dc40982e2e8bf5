import { setTimeout as wait } from 'node:timers/promises';

/** How soon something is tried again that may pass. */
const againMs = 25;

/** The ledger could not be worked with in time. Nothing was written, unless `inDoubt`: the commit was under way. */
export class LedgerUnavailableError extends Error {
  override name = 'LedgerUnavailableError';
  readonly inDoubt: boolean;

  constructor(inDoubt: boolean, cause: unknown) {
    super(inDoubt ? 'the ledger did not confirm in time' : 'the ledger could not be reached in time', { cause });
    this.inDoubt = inDoubt;
  }
}

/** One attempt. It calls `committing` when all is written and only the commit remains. */
type Attempt<T> = (committing: () => void) => Promise<T>;

/**
 * Tries again what may pass, until `signal` aborts. Rejects with a LedgerUnavailableError then, also while an
 * attempt hangs, and with whatever else went wrong at once.
 */
export async function patiently<T>(
  attempt: Attempt<T>,
  mayPass: (error: unknown) => boolean,
  signal: AbortSignal,
): Promise<T> {
  let inDoubt = false;
  let last: unknown;
  const given = aborted(signal);
  try {
    for (;;) {
      if (signal.aborted) break;
      let committing = false;
      try {
        const result = attempt(() => {
          committing = true;
        });
        return await Promise.race([result, given.up]);
      } catch (error) {
        inDoubt ||= committing;
        if (signal.aborted) break;
        if (!mayPass(error)) throw error;
        last = error;
        await Promise.race([wait(againMs), given.up]).catch(() => {});
      }
    }
  } finally {
    given.forget();
  }
  throw new LedgerUnavailableError(inDoubt, last ?? signal.reason);
}

function aborted(signal: AbortSignal) {
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  promise.catch(() => {});
  return { up: promise, forget: () => signal.removeEventListener('abort', giveUp) };
}
