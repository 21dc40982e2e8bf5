import type { Log } from '../../ports.ts';
import type { AnsweredOrder, Ledger } from '../ledger.ts';
import { ErasedTextsKeptError } from './sqlite-erasure.ts';

/** How often orders to erase texts are looked for, and after a failure. */
const [everyMs, afterFailureMs] = [500, 10_000];

/** Looks for orders of the audit program until it is ended, which resolves when what is in progress is done. */
export type ErasureWatch = { end(): Promise<void> };

/** Carries out the orders to erase texts. Only where this process owns the ledger: with PostgreSQL the program needs none. */
export function watchErasures(
  ledger: Pick<Ledger, 'carryOutErasures' | 'isShared' | 'problem'>,
  log: Log,
): ErasureWatch {
  if (ledger.isShared) return { async end() {} };
  let running: Promise<void> | null = null;
  let restUntil = 0;
  let isHealthy = true;

  async function carryOut(): Promise<void> {
    try {
      await ledger.carryOutErasures((answered) => report(answered, log));
      isHealthy = true;
    } catch (error) {
      restUntil = performance.now() + afterFailureMs;
      if (isHealthy) complain(error);
      isHealthy = false;
    }
  }

  function complain(err: unknown): void {
    if (err instanceof ErasedTextsKeptError) log.warn({}, `${err.message}; they are removed when nobody reads it`);
    // A problem of the ledger has been logged by the ledger.
    else if (ledger.problem() === null) log.error({ err }, 'orders to erase texts could not be carried out');
  }

  function tick(): void {
    if (running !== null || performance.now() < restUntil) return;
    running = carryOut().finally(() => {
      running = null;
    });
  }

  tick();
  const timer = setInterval(tick, everyMs);
  return {
    async end() {
      clearInterval(timer);
      await running;
    },
  };
}

function report({ request, by, answer: { kind } }: AnsweredOrder, log: Log): void {
  if (kind === 'forged')
    log.error({ request }, 'an order to erase texts was not given with the bot’s key: it is ignored');
  else log.info({ request, by, answer: kind }, 'an order to erase texts was carried out');
}
