import { setTimeout as wait } from 'node:timers/promises';
import type { SeenCheckpoint } from '../ledger/log/log-event.ts';
import type { Ports, PostedRequest, RecentPosts } from '../ports.ts';
import { backoffMs, limits } from '../retry-policy.ts';
import type { RestoredLedger } from './restored-ledger.ts';

/** How many channels are compared. */
const mostChannels = 50;

/** The number of requests that are named. */
const mostNamed = 20;

type Needs = Pick<Ports, 'ledger' | 'messenger' | 'random' | 'log'> & { readonly restoredLedger: RestoredLedger };

/** Requests in the channels that this ledger lacks: it was restored from a copy, or another one was used before. */
export type LedgerAge = {
  /** Reports that the channel is ahead of the ledger for these requests, once for each. */
  behindOn(channel: string, requests: readonly string[]): void;
  /** The IDs of the first of them. */
  missing(): readonly string[];
};

export function createLedgerAge({ log }: Pick<Ports, 'log'>): LedgerAge {
  const missing = new Set<string>();
  return {
    behindOn(channel, requests) {
      // The thread of an open request and the newest messages of its channel can show the same.
      const found = requests.filter((id) => !missing.has(id));
      if (found.length === 0) return;
      for (const id of found) missing.add(id);
      log.error(
        { channel, requests: found.slice(0, mostNamed) },
        'the channel shows more than this ledger has: it was restored from an older copy, or another ledger was used before',
      );
    },
    missing: () => [...missing].slice(0, mostNamed),
  };
}

/** Compares the bot's newest messages in these channels, and in the ledger's channels, with the ledger. */
export async function compareChannels(
  named: readonly string[],
  age: LedgerAge,
  needs: Needs,
  signal: AbortSignal,
): Promise<void> {
  const channels = new Set([...named, ...(await needs.ledger.channels())]);
  for (const channel of [...channels].slice(0, mostChannels)) {
    const { requests, checkpoints } = await newestOf(channel, needs, signal);
    // The ledger is read after the channel: another replica writes before it posts.
    await needs.restoredLedger.compare(newestDistinct(checkpoints));
    const missing = await Array.fromAsync(requests, async (one) => ((await isKnown(one, needs)) ? [] : [one.id]));
    age.behindOn(channel, [...new Set(missing.flat())]);
  }
}

type Shown = Omit<Extract<RecentPosts, { kind: 'read' }>, 'kind'>;
const nothing: Shown = { requests: [], checkpoints: [] };

async function newestOf(channel: string, { messenger, random, log }: Needs, signal: AbortSignal): Promise<Shown> {
  for (let tries = 0; tries < limits.ledgerAge.tries && !signal.aborted; tries++) {
    const newest = await messenger.recentPosts(channel);
    if (newest.kind === 'read') return newest;
    if (newest.kind === 'unknowable') return nothing;
    await wait(Math.max(newest.retryAfterMs, backoffMs(tries, random())), undefined, { signal });
  }
  log.warn({ channel }, 'the channel could not be compared with the ledger');
  return nothing;
}

/** The announcements of a burst carry the same checkpoint. */
function newestDistinct(checkpoints: readonly SeenCheckpoint[]): readonly SeenCheckpoint[] {
  const distinct = new Map(checkpoints.toReversed().map((one) => [`${one.size}·${one.root}`, one]));
  return [...distinct.values()];
}

async function isKnown({ id, digest, kind }: PostedRequest, { ledger }: Needs): Promise<boolean> {
  const request = await ledger.load(id);
  return digest === (kind === 'announcement' ? request?.firstDigest : request?.end?.digest);
}
