import { type ErasureWatch, watchErasures } from './requests/ledger/erasure/erasure-watch.ts';
import { logHealth } from './requests/ledger/health.ts';
import type { Ledger } from './requests/ledger/ledger.ts';
import { type Sealer, startSealer } from './requests/ledger/log/sealer.ts';
import { startWitness } from './requests/ledger/log/witness.ts';
import { openLedger } from './requests/ledger/open-ledger.ts';
import type { Log } from './requests/ports.ts';
import type { Progress } from './requests/progress.ts';
import { createRestoredLedger, type RestoredLedger } from './requests/recovery/restored-ledger.ts';
import { limits } from './requests/retry-policy.ts';
import type { Settings } from './settings/settings.ts';

/** The ledger, and what works beside it. `witnessProblem`: why checkpoints cannot be appended to the witness file. */
export type StartedLedger = {
  readonly ledger: Ledger;
  readonly sealer: Sealer;
  readonly erasures: ErasureWatch;
  readonly restoredLedger: RestoredLedger;
  witnessProblem(): string | null;
};

/** `signal` aborts the start. */
type Surroundings = {
  readonly log: Log & { debug: Log['info'] };
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly progress: Pick<Progress, 'recorded'>;
};

/** Opens the witness file and the ledger, seals what is recorded, and carries out orders to erase texts. */
export async function startLedger(
  settings: Settings,
  surroundings: Surroundings,
  resources: AsyncDisposableStack,
): Promise<StartedLedger> {
  const { log, signal, progress } = surroundings;
  // The file is read before the ledger: another process that shares both commits before it appends.
  const witness = settings.witnessFile === undefined ? null : await startWitness(settings.witnessFile, surroundings);
  if (witness !== null) resources.defer(() => witness.close());
  let recorded = () => {};
  const ledger = await openLedger({
    database: settings.database,
    leaseMs: limits.lease.ms,
    logKey: settings.logKey ?? null,
    onRecorded(event) {
      const { request, sequence, type } = event;
      log.debug({ request, sequence, event: type }, 'recorded');
      progress.recorded(event);
      recorded();
    },
    onForged: (event) =>
      log.error(event, 'an event of this request was not recorded by the bot, or was removed: the request is ignored'),
    onKeyBegun: ({ size }) =>
      log.warn(
        { events: size },
        'CAMPAIGN_WF_LOG_KEY begins now: if the bot had this key before, somebody has changed the record',
      ),
    onKeyMissing: () =>
      log.error(
        {},
        'CAMPAIGN_WF_LOG_KEY is not set, and this record has a key: what is recorded from now on has no code, and is ignored once the same key is set again',
      ),
    onCheckpoint: (checkpoint) => witness?.add(checkpoint),
    onForgedCheckpoint: ({ size }) =>
      log.error(
        { size },
        'the newest checkpoint in the database was not recorded by a bot with this CAMPAIGN_WF_LOG_KEY: it is ignored',
      ),
    onTrouble: (reason, message) => log.warn({ reason }, message),
    onHealthChange: logHealth(log),
    signal,
  });
  resources.defer(() => ledger.close());
  if (settings.logKey === undefined) {
    log.info(
      {},
      'CAMPAIGN_WF_LOG_KEY is not set: whoever writes into the database can add events that this bot takes for its own',
    );
  }
  const sealer = resources.adopt(startSealer(ledger, log), (it) => it.end());
  recorded = sealer.wake;
  const restoredLedger = createRestoredLedger({ ledger, log });
  // Before anything else is recorded.
  await restoredLedger.compare((witness?.seen ?? []).map((seen) => ({ ...seen, where: { kind: 'witness_file' } })));
  const erasures = resources.adopt(watchErasures(ledger, log), (it) => it.end());
  return { ledger, sealer, erasures, restoredLedger, witnessProblem: () => witness?.problem() ?? null };
}
