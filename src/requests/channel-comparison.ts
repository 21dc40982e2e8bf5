import { compareChannels, createLedgerAge } from './ledger-age.ts';
import type { Ports, Reconciliation } from './ports.ts';
import { createReconciler } from './reconciler.ts';

/** Holds the ledger against the channels: it may be an older copy that was restored. */
export type ChannelComparison = {
  readonly reconciliation: Reconciliation;
  /** Some of the requests of which the channels show more than the ledger has. */
  missing(): readonly string[];
  /** Compares what was open at the start, and the newest messages of these channels and of those that the ledger knows. */
  run(channels: readonly string[], signal: AbortSignal): Promise<void>;
};

export function createChannelComparison(
  needs: Pick<Ports, 'ledger' | 'messenger' | 'now' | 'random' | 'log'>,
): ChannelComparison {
  const ledgerAge = createLedgerAge(needs);
  const reconciler = createReconciler({ ...needs, ledgerAge });
  return {
    reconciliation: reconciler,
    missing: ledgerAge.missing,
    async run(channels, signal) {
      try {
        await Promise.all([reconciler.reconcileAll(signal), compareChannels(channels, ledgerAge, needs, signal)]);
      } catch (error) {
        if (!signal.aborted) needs.log.error({ err: error }, 'the ledger could not be compared with the channels');
      }
    },
  };
}
