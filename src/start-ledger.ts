import type { Metrics } from './metrics/create-metrics.ts';
import { type ErasureWatch, watchErasures } from './requests/ledger/erasure/erasure-watch.ts';
import { logHealth } from './requests/ledger/health.ts';
import type { Ledger } from './requests/ledger/ledger.ts';
import { type Sealer, startSealer } from './requests/ledger/log/sealer.ts';
import { startWitness } from './requests/ledger/log/witness.ts';
import { openLedger } from './requests/ledger/open-ledger.ts';
import { logEnd } from './requests/log-end.ts';
import type { Log } from './requests/ports.ts';
import type { Progress } from './requests/progress.ts';
import { createRestoredLedger, type RestoredLedger } from './requests/recovery/restored-ledger.ts';
import { limits } from './requests/retry-policy.ts';
import type { Settings } from './settings/settings.ts';
import { traceChild, traceEvent } from './tracing/tracing.ts';
import type { TroubleLog } from './trouble-log.ts';

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
  readonly troubles: Pick<TroubleLog, 'watch'>;
  readonly metrics: Pick<Metrics, 'recorded' | 'committed' | 'databaseAnswered'>;
};

/** Opens the witness file and the ledger, seals what is recorded, and carries out orders to erase texts. */
export async function startLedger(
  settings: Settings,
  surroundings: Surroundings,
  resources: AsyncDisposableStack,
): Promise<StartedLedger> {
  const { log, signal, progress, troubles, metrics } = surroundings;
  // The file is read before the ledger: another process that shares both commits before it appends.
  const witness = settings.witnessFile === undefined ? null : await startWitness(settings.witnessFile, surroundings);
  if (witness !== null) resources.defer(() => witness.close());
  let recorded = () => {};
  const address = addressOf(settings.database);
  const unreachable = troubles.watch('database at the start', {
    begins: 'the database cannot be reached; retrying',
    ends: 'the database can be reached',
    fields: { service: 'database', address },
  });
  const lost = onceAMinute((reason) =>
    log.info({ service: 'database', address, reason }, 'a connection to the database was lost; another one is opened'),
  );
  const health = logHealth(log, address);
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
    onProgress(event, request) {
      traceEvent(event, request);
      if (event.type === 'ended' || event.type === 'reconciled') logEnd(request, log);
      metrics.recorded(event, request);
    },
    onCommitted(ms) {
      metrics.committed(ms);
      traceChild('commit', ms, {}, null);
      metrics.databaseAnswered();
    },
    onTrouble: (reason, kind) => (kind === 'connection_lost' ? lost(reason) : unreachable.failed(reason, {})),
    onHealthChange: health.onChange,
    onFailed: health.onFailed,
    signal,
  });
  unreachable.worked();
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

/** The address of the database for the log, without credentials. */
function addressOf(database: Settings['database']): string {
  if (database.kind === 'sqlite') return database.path;
  const { host, pathname } = new URL(database.url);
  return `${host}${pathname}`;
}

/** All idle connections may be lost at once. */
function onceAMinute(report: (reason: string) => void): (reason: string) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (reason) => {
    if (performance.now() - last < 60_000) return;
    last = performance.now();
    report(reason);
  };
}
