import type { Ports } from '../ports.ts';
import { newestId } from '../recovery/moved-channel.ts';
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
  const { ledger, log, wake } = ports;
  const ended = new AbortController();
  let renewed: readonly WatchTerms[] | null = ports.watches();
  let followsAt = 0;
  /** The latest time of the ledger's clock that was seen. */
  let latest = Number.POSITIVE_INFINITY;
  const underWay = new Map<string, Promise<void>>();
  const resumesAt = new Map<string, number>();

  /** At the start as well: the clock may have been turned back before. */
  function beginAnew(): void {
    if (ledger.now() >= latest) latest = ledger.now();
    else begin('clock', resetAhead);
  }

  async function resetAhead(): Promise<void> {
    const isReset = await ledger.resetAhead();
    latest = ledger.now();
    if (!isReset) return;
    wake();
    log.info({}, 'the clock was turned back: what was to be done later is done now');
  }

  /** Each kind of work waits for nothing but itself: an organization whose looks are slow delays neither others nor messages. */
  function begin(kind: string, perform: () => Promise<void>): void {
    if (underWay.has(kind) || performance.now() < (resumesAt.get(kind) ?? 0)) return;
    const work = perform()
      .then(() => void resumesAt.delete(kind))
      .catch((error: unknown) => {
        resumesAt.set(kind, performance.now() + limits.watch.faultMs);
        // A problem of the ledger has been logged by the ledger.
        if (ledger.problem() === null) log.error({ err: error }, 'watching workflows failed; it is tried again');
      })
      .finally(() => underWay.delete(kind));
    underWay.set(kind, work);
  }

  async function beginLooks(): Promise<void> {
    await renewIfNeeded();
    for (const organization of await ledger.watches.organizationsDue(ledger.now())) {
      begin(`looks at ${organization}`, () => lookAtDue(organization, ports, ended.signal));
    }
  }

  /** A claim leaves out the channels in which a message is being posted. */
  async function beginPosts(): Promise<void> {
    while (!ended.signal.aborted && isDue(await ledger.watches.nextPostAt(), ports)) {
      const claimed = await ledger.watches.claimPosts(limits.watch.leaseMs);
      if (claimed.length === 0) return;
      for (const claim of claimed) begin(`post in ${claim.terms.channel}`, () => tellChannel(claim, ports));
    }
  }

  async function renewIfNeeded(): Promise<void> {
    const wanted = renewed;
    if (wanted === null) return;
    await follow(({ isNamed }, channel) => !isNamed(channel));
    await ledger.watches.sync(wanted, ports.watchPlaces);
    if (renewed === wanted) renewed = null;
  }

  /** A channel gets another ID seldom, and nothing tells the bot. */
  async function followAll(): Promise<void> {
    if (performance.now() < followsAt) return;
    followsAt = performance.now() + limits.watch.followMs;
    if (await follow(() => true)) renewed = ports.watches();
  }

  /** What was asked for in a channel goes with it, once a rule names its new ID. */
  async function follow(isWanted: (places: KnownPlaces, channel: string) => boolean): Promise<boolean> {
    const { watchPlaces: places } = ports;
    let hasMoved = false;
    for (const from of await ledger.watches.askedChannels()) {
      if (ended.signal.aborted || !isWanted(places, from)) continue;
      const now = await newestId(from, ports);
      if (now.kind !== 'moved' || !places.isNamed(now.to)) continue;
      await ledger.watches.move({ from, to: now.to });
      log.info({ channel: from, now: now.to }, 'the watches of a channel follow it to its new ID');
      hasMoved = true;
    }
    return hasMoved;
  }

  async function settled(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay.values());
  }

  const tick = () => {
    beginAnew();
    begin('looks', beginLooks);
    begin('posts', beginPosts);
    begin('channels', followAll);
  };
  const timer = setInterval(tick, limits.watch.tickMs);
  tick();
  return {
    async pass() {
      tick();
      await settled();
    },
    renew() {
      renewed = ports.watches();
      tick();
    },
    async end() {
      clearInterval(timer);
      ended.abort();
      await settled();
    },
  };
}

function isDue(at: number | null, { ledger }: WatcherPorts): boolean {
  return at !== null && at <= ledger.now();
}

async function lookAtDue(organization: string, ports: WatcherPorts, signal: AbortSignal): Promise<void> {
  const { ledger, acknowledged } = ports;
  const { atOnce: most, leaseMs } = limits.watch;
  while (!signal.aborted) {
    await acknowledged();
    const claimed = await ledger.watches.claimLooks({ organization, most, leaseMs });
    if (claimed.length === 0) return;
    await Promise.all(claimed.map((claim) => lookOnce(claim, ports)));
  }
}

async function lookOnce(claim: ClaimedLook, ports: WatcherPorts): Promise<void> {
  const { ledger, look, count, wake, log } = ports;
  const { organization, workflowId, lateMs } = claim;
  const seen = await look(organization)?.(workflowId);
  if (seen === undefined) return;
  count.looked(seen.observation.kind, lateMs);
  const settled = await ledger.watches.settleLook(claim, seen, (tx, change) => supersedeScheduled(tx, claim, change));
  for (const telling of settled?.told ?? []) {
    count.told(telling);
    log.debug({ organization, workflow: workflowId, telling }, 'what a watch has seen is recorded');
  }
  if (settled?.hasEnded === true) wake();
}
