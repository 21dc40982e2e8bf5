import type { Log } from '../../ports.ts';
import type { Ledger } from '../ledger.ts';

/** Events wait at most this long for their places, and share a transaction and a checkpoint. */
const everyMs = 500;

export type Sealer = {
  /** Something was recorded. */
  wake(): void;
  /** Seals what still waits. */
  sealRest(): Promise<void>;
  /** Seals nothing more by itself. */
  end(): void;
};

/**
 * Gives recorded events their places in the log, in the background. Each process that shares the ledger looks for events
 * that wait: the one that recorded them may have died.
 */
export function startSealer(ledger: Pick<Ledger, 'seal' | 'isShared' | 'problem'>, log: Log): Sealer {
  let isWaiting = true;
  let sealing: Promise<void> | null = null;
  let isHealthy = true;

  async function sealAll(): Promise<void> {
    isWaiting = false;
    try {
      for (let isMore = true; isMore; ) {
        const sealed = await ledger.seal();
        isMore = sealed.kind === 'sealed' && sealed.isMore;
      }
      if (!isHealthy) log.info({}, 'events are sealed in the log again');
      isHealthy = true;
    } catch (error) {
      isWaiting = true;
      // A problem of the ledger has been logged by the ledger.
      if (isHealthy && ledger.problem() === null) log.error({ err: error }, 'events could not be sealed in the log');
      isHealthy = false;
    }
  }

  function tick(): void {
    if (sealing !== null || !(isWaiting || ledger.isShared)) return;
    sealing = sealAll().finally(() => {
      sealing = null;
    });
  }

  const timer = setInterval(tick, everyMs);
  return {
    wake() {
      isWaiting = true;
    },
    async sealRest() {
      await sealing;
      await sealAll();
    },
    end: () => clearInterval(timer),
  };
}
