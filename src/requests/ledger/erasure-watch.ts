import type { Log } from '../ports.ts';
import type { AnsweredOrder, Ledger } from './ledger.ts';

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
      for (const answered of await ledger.carryOutErasures()) report(answered, log);
      isHealthy = true;
    } catch (err) {
      restUntil = performance.now() + afterFailureMs;
      // A problem of the ledger has been logged by the ledger.
      if (isHealthy && ledger.problem() === null) log.error({ err }, 'orders to erase texts could not be carried out');
      isHealthy = false;
    }
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
