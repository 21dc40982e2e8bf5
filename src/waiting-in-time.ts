import type { Ledger, Waiting } from './requests/ledger/ledger.ts';

/** Who asks for readiness is a machine that asks again in a few seconds. */
const usualWithinMs = 1_000;

/** The outcomes that could not be told so far; null where the ledger does not say, or not in time. */
export async function waitingInTime(
  ledger: Pick<Ledger, 'waiting'>,
  withinMs = usualWithinMs,
): Promise<Waiting | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(late.resolve, withinMs, null);
  try {
    return await Promise.race([ledger.waiting(), late.promise]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
