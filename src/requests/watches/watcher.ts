import type { Ports } from '../ports.ts';
import { limits } from '../retry-policy.ts';
import type { WorkflowLook } from './condition.ts';
import { supersedeScheduled } from './supersede-scheduled.ts';
import { type Telling, tellChannel } from './tell-channel.ts';
import type { Telling as Told } from './watch-step.ts';
import type { ClaimedLook, KnownPlaces } from './watch-store.ts';
import type { WatchTerms } from './watch-terms.ts';

export type WatchCounters = {
  /** A look ended, so long after it was due. */
  looked(result: WorkflowLook['observation']['kind'], lateMs: number): void;
  /** A change is to be told. */
  told(what: Told): void;
};

export type WatcherPorts = Telling &
  Pick<Ports, 'ledger' | 'acknowledged'> & {
    /** Looks at a workflow of an organization; null if it is not configured any more. */
    readonly look: (organization: string) => ((workflowId: string) => Promise<WorkflowLook>) | null;
    /** The watches of the configuration, and what it says of those of commands. */
    readonly watches: () => readonly WatchTerms[];
    readonly watchPlaces: KnownPlaces;
    /** Called when requests have ended because of what was seen. */
    readonly wake: () => void;
    readonly count: WatchCounters;
  };

export type Watcher = {
  /** Does at once what is due; resolves when that is done. */
  pass(): Promise<void>;
  /** The configuration has changed. */
  renew(): void;
  /** Begins nothing more; resolves when what is in progress has ended. */
  end(): Promise<void>;
};

/**
 * Looks at the watched workflows, and tells the channels. All processes do, and each look and post is claimed by one. It
 * begins nothing while an interaction waits for its acknowledgement.
 */
export function startWatcher(ports: WatcherPorts): Watcher {
  const { ledger, log } = ports;
  const ended = new AbortController();
  let renewed: readonly WatchTerms[] | null = ports.watches();
  const work = { looks: idle, posts: idle };
  const resumesAt = { looks: 0, posts: 0 };

  /** Each kind of work waits for nothing but itself: a slow Campaign delays no message. */
  function begin(kind: keyof typeof work, perform: (signal: AbortSignal) => Promise<void>): void {
    if (work[kind] !== idle || performance.now() < resumesAt[kind]) return;
    work[kind] = perform(ended.signal)
      .catch((error: unknown) => {
        resumesAt[kind] = performance.now() + limits.watch.faultMs;
        // A problem of the ledger has been logged by the ledger.
        if (ledger.problem() === null) log.error({ err: error }, 'watching workflows failed; it is tried again');
      })
      .finally(() => {
        work[kind] = idle;
      });
  }

  async function look(signal: AbortSignal): Promise<void> {
    await renewIfNeeded();
    if (isDue(await ledger.watches.nextLookAt(), ports)) await lookAtDue(ports, signal);
  }

  async function tell(signal: AbortSignal): Promise<void> {
    if (isDue(await ledger.watches.nextPostAt(), ports)) await tellAll(ports, signal);
  }

  async function renewIfNeeded(): Promise<void> {
    const wanted = renewed;
    if (wanted === null) return;
    await ledger.watches.sync(wanted, ports.watchPlaces);
    if (renewed === wanted) renewed = null;
  }

  const tick = () => {
    begin('looks', look);
    begin('posts', tell);
  };
  const timer = setInterval(tick, limits.watch.tickMs);
  tick();
  return {
    async pass() {
      tick();
      await Promise.all([work.looks, work.posts]);
    },
    renew() {
      renewed = ports.watches();
      tick();
    },
    async end() {
      clearInterval(timer);
      ended.abort();
      await Promise.all([work.looks, work.posts]);
    },
  };
}

const idle: Promise<void> = Promise.resolve();

function isDue(at: number | null, { ledger }: WatcherPorts): boolean {
  return at !== null && at <= ledger.now();
}

async function lookAtDue(ports: WatcherPorts, signal: AbortSignal): Promise<void> {
  const { ledger, acknowledged } = ports;
  do {
    await acknowledged();
    const claimed = await ledger.watches.claimLooks(limits.watch.atOnce, limits.watch.leaseMs);
    if (claimed.length === 0) return;
    await Promise.all(claimed.map((claim) => lookOnce(claim, ports)));
  } while (!signal.aborted);
}

async function lookOnce(claim: ClaimedLook, ports: WatcherPorts): Promise<void> {
  const { ledger, look, count, wake } = ports;
  const { organization, workflowId, lateMs } = claim;
  const seen = await look(organization)?.(workflowId);
  if (seen === undefined) return;
  count.looked(seen.observation.kind, lateMs);
  const settled = await ledger.watches.settleLook(claim, seen);
  for (const one of settled?.told ?? []) count.told(one);
  const change = settled?.change ?? null;
  if (change !== null && (await supersedeScheduled({ organization, workflowId }, change, ports))) wake();
}

async function tellAll(ports: WatcherPorts, signal: AbortSignal): Promise<void> {
  do {
    const claimed = await ports.ledger.watches.claimPosts(limits.watch.leaseMs);
    if (claimed.length === 0) return;
    await Promise.all(claimed.map((claim) => tellChannel(claim, ports)));
  } while (!signal.aborted);
}
