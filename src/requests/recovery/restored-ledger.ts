import type { Ledger } from '../ledger/ledger.ts';
import type { Restored, SeenCheckpoint } from '../ledger/log/log-event.ts';
import type { Log } from '../ports.ts';

/** Whether the ledger is behind a checkpoint that was seen elsewhere: it was restored from a copy, or another one was used before. */
export type RestoredLedger = {
  /** Compares the log with these checkpoints, and records and reports if it lacks one. Also learns what another process has recorded. Never rejects. */
  compare(seen: readonly SeenCheckpoint[]): Promise<void>;
  /** What was found in the last day before this process started, or since; null: nothing. */
  found(): Restored | null;
};

export function createRestoredLedger({
  ledger,
  log,
}: {
  readonly ledger: Pick<Ledger, 'recordRestored' | 'lastRestored'>;
  readonly log: Pick<Log, 'error'>;
}): RestoredLedger {
  let found: Restored | null = null;
  return {
    async compare(seen) {
      try {
        const restored = await ledger.recordRestored(seen);
        found = restored ?? found ?? (await ledger.lastRestored());
        if (restored === null) return;
        log.error(
          restored,
          'this ledger is behind a checkpoint that was seen elsewhere: it was restored from an older copy, or another ledger was used before. That is recorded',
        );
      } catch (error) {
        log.error({ err: error }, 'the ledger could not be compared with checkpoints that were seen elsewhere');
      }
    },
    found: () => found,
  };
}
