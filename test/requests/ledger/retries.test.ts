import { expect, it } from '@jest/globals';
import { LedgerUnavailableError, type RetryRules, retryUntilAborted } from '../../../src/requests/ledger/retry.ts';

const always: RetryRules = { isTransient: () => true, isUnwritten: () => false, failed: () => {} };
const never: RetryRules = { ...always, isTransient: () => false };

/** The error of an operation whose caller aborts as soon as it hangs. */
async function errorAfterAbort(attempt: (committing: () => void, hang: () => Promise<never>) => Promise<unknown>) {
  const caller = new AbortController();
  const hang = () => {
    setImmediate(() => caller.abort());
    return new Promise<never>(() => {});
  };
  return retryUntilAborted((committing) => attempt(committing, hang), always, caller.signal).catch(
    (error: unknown) => error,
  );
}

it('a transaction that hangs before its commit was certainly not written', async () => {
  const error = await errorAfterAbort((_, hang) => hang());
  expect(error).toBeInstanceOf(LedgerUnavailableError);
  expect(error).toMatchObject({ inDoubt: false });
});

it('a transaction that hangs in its commit may have been written', async () => {
  const error = await errorAfterAbort((committing, hang) => {
    committing();
    return hang();
  });
  expect(error).toMatchObject({ name: 'LedgerUnavailableError', inDoubt: true });
});

it('a commit without an answer keeps the result in doubt whatever later attempts return', async () => {
  let attempts = 0;
  const lost = new Error('Connection terminated unexpectedly');
  const error = await errorAfterAbort((committing, hang) => {
    if (++attempts > 1) return hang();
    committing();
    return Promise.reject(lost);
  });
  expect(error).toMatchObject({ inDoubt: true, cause: lost });
});

it('an abort between two attempts keeps the doubt of the first', async () => {
  const caller = new AbortController();
  const lost = new Error('Connection terminated unexpectedly');
  let attempts = 0;
  const attempt = (committing: () => void) => {
    attempts++;
    committing();
    return Promise.reject(lost);
  };
  const failed = () => caller.abort();
  const error = await retryUntilAborted(attempt, { ...always, failed }, caller.signal).catch(
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'LedgerUnavailableError', inDoubt: true, cause: lost });
  expect(attempts).toBe(1);
});

it('a transient error is retried until success, and another error is thrown at once', async () => {
  let attempts = 0;
  const attempt = async () => {
    if (++attempts < 3) throw new Error('busy');
    return 'written';
  };
  expect(await retryUntilAborted(attempt, always, new AbortController().signal)).toBe('written');
  expect(attempts).toBe(3);
  attempts = 0;
  await expect(retryUntilAborted(attempt, never, new AbortController().signal)).rejects.toThrow('busy');
  expect(attempts).toBe(1);
});

it('the pauses between attempts do not grow without a limit: a ledger that is back is soon used again', async () => {
  let attempts = 0;
  const attempt = async () => {
    if (++attempts <= 10) throw new Error('unreachable');
    return 'written';
  };
  // Ten pauses take three seconds. If each were twice as long as the one before, they would take 25.
  expect(await retryUntilAborted(attempt, always, AbortSignal.timeout(20_000))).toBe('written');
});

it('nothing is started for a caller that has already aborted', async () => {
  let attempts = 0;
  const attempt = async () => ++attempts;
  await expect(retryUntilAborted(attempt, always, AbortSignal.abort())).rejects.toThrow(LedgerUnavailableError);
  expect(attempts).toBe(0);
});

it('a commit that certainly wrote nothing leaves no doubt', async () => {
  const caller = new AbortController();
  const attempt = async (committing: () => void) => {
    committing();
    setImmediate(() => caller.abort());
    throw new Error('database or disk is full');
  };
  const trying = retryUntilAborted(attempt, { ...always, isUnwritten: () => true }, caller.signal);
  await expect(trying).rejects.toMatchObject({ name: 'LedgerUnavailableError', inDoubt: false });
});
