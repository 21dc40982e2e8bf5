import { setImmediate as nextTurn } from 'node:timers/promises';
import { simplePolicy } from '../../src/access/simple-policy.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import type { RecordedEvent } from '../../src/requests/events.ts';
import type { Ledger } from '../../src/requests/ledger/ledger.ts';
import { openLedger } from '../../src/requests/ledger/open-ledger.ts';
import type { CampaignPort, Log, Ports } from '../../src/requests/ports.ts';
import { lanes } from '../../src/requests/priority.ts';
import { createChannelComparison } from '../../src/requests/recovery/channel-comparison.ts';
import { limits } from '../../src/requests/retry-policy.ts';
import { isKnownHere } from '../../src/requests/rules/authorization.ts';
import { itemsOf } from '../../src/requests/rules/batch.ts';
import { startRunner } from '../../src/requests/runner.ts';
import { createDirectory } from '../../src/slack/directory.ts';
import { createMessenger } from '../../src/slack/messenger.ts';
import type { Replies } from '../../src/slack/private-replies.ts';
import { createReferences } from '../../src/slack/references.ts';
import { groups, type SlackModel } from './slack.ts';
import type { VirtualTime } from './virtual-time.ts';

export const team = 'T0ACME';
export const organization = 'acme';
export const environment = 'prod';

/** Everything that replicas share. */
export type Shared = {
  readonly time: VirtualTime;
  readonly slack: SlackModel;
  readonly campaign: CampaignPort;
  readonly url: string;
  readonly channels: readonly string[];
  readonly random: () => number;
  readonly onRecorded: (event: Pick<RecordedEvent, 'request' | 'sequence' | 'type'>) => void;
  readonly onWarning: (message: string) => void;
};

/** One process of the bot without its listeners: the real runner, ledger, messenger and directory, in virtual time. */
export type Replica = {
  readonly ledger: Ledger;
  /** Whether one of its lanes has no room, so that it leaves due tasks to others. */
  isFull(): boolean;
  /**
   * When its runner next finds a due task. A runner also looks every second, which is left out while no replica is full:
   * each wakes for what it has made due itself.
   */
  wakesAt(isAnyFull: boolean): number;
  wake(): void;
  /** How many tasks it has claimed. */
  claimed(): number;
  /** Resolves when it waits for the clock. */
  quiet(): Promise<void>;
  close(): Promise<void>;
};

export async function openReplica(shared: Shared): Promise<Replica> {
  const { now } = shared.time;
  const { onWarning } = shared;
  const opened = await openLedger({
    database: { kind: 'postgres', url: shared.url },
    now,
    leaseMs: limits.lease.ms,
    onRecorded: shared.onRecorded,
    onForged: () => {},
    onKeyBegun: () => {},
    onCheckpoint: () => {},
    onForgedCheckpoint: () => {},
    onTrouble: (reason, kind) => onWarning(`${kind}: ${reason}`),
    onHealthChange: (problem, reason) => problem && onWarning(`${problem}: ${reason}`),
    signal: new AbortController().signal,
  });
  const watched = watch(opened, now);
  const runner = startRunner(portsOf(watched.ledger, shared));
  return {
    ...watched,
    wake: runner.wake,
    async close() {
      await runner.stop();
      await opened.close();
    },
  };
}

function portsOf(ledger: Ledger, { time, slack, campaign, channels, random, onWarning }: Shared): Ports {
  const { client } = slack;
  const log: Log = {
    info: () => {},
    warn: (_, message) => onWarning(message),
    error: ({ err }: { err?: unknown }, message) => onWarning(`${message}: ${err}`),
  };
  const workspace = 'https://acme.slack.com/';
  const identity = { team, enterprise: null, userId: 'U0BOT', name: 'campaign-wf', workspace };
  const directory = createDirectory(client, identity, log, time.now);
  const policy = simplePolicy(
    {
      channels: new Set(channels),
      users: { users: new Set(), groups: new Set([groups.requesters]) },
      approvers: { users: new Set(), groups: new Set([groups.leads]) },
      confirmWithinMs: 300_000,
    },
    environment,
  );
  const shared = { ledger, log, now: time.now, random, team, workspace, directory, policy: () => policy };
  const messenger = createMessenger({
    poster: client,
    reader: client,
    identity,
    translator: translatorFor('en'),
    languages: directory,
    replies: repliesOf(time),
    references: createReferences(identity.workspace, ledger),
    itemsOf: (batch) => itemsOf(batch, ledger),
    checkpoint: ledger.checkpoint,
    reviewersOf: () => ({ users: [], groups: [] }),
    isKnownHere: (person) => isKnownHere(person, shared),
  });
  // That would be after the day.
  const pausesEndAfter = () => null;
  const { reconciliation } = createChannelComparison({ ...shared, messenger, pausesEndAfter });
  return {
    ...shared,
    messenger,
    reconciliation,
    // Nobody waits for an acknowledgement.
    acknowledged: () => null,
    environmentOf: (of) => (of === organization ? environment : null),
    environments: () => [{ name: environment, organization }],
    vocabulary: () => ({ environments: [environment], defaultEnvironment: environment, aliases: [] }),
    campaign: (of) => (of === organization ? campaign : null),
    pausesEndAfter,
    count: { unthreaded: () => {}, fault: () => onWarning('a step failed') },
  };
}

/** From a private reply to its answer. Replies to a command have no rate limit. */
const replyMs = 150;

function repliesOf(time: VirtualTime): Replies {
  return {
    remember() {},
    pass() {},
    async reply() {
      await time.wait(replyMs);
      return { kind: 'posted', ts: '' };
    },
  };
}

/**
 * A step waits for the database, or for virtual time. So a replica with no operation of the ledger in progress, once all
 * callbacks have run, waits for the clock.
 */
function watch(ledger: Ledger, now: () => number) {
  let inProgress = 0;
  let claimed = 0;
  /** Claimed since the last answer about what is due next in every lane. */
  let isFull = false;
  let lastRoundAt = now();
  let nextDueAt = now();
  let idle = Promise.withResolvers<void>();

  const counted =
    <A extends readonly unknown[], R>(operation: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      inProgress += 1;
      try {
        return await operation(...args);
      } finally {
        inProgress -= 1;
        if (inProgress === 0) idle.resolve();
      }
    };

  const watched: Ledger = {
    ...ledger,
    submit: counted(ledger.submit),
    transaction: counted(ledger.transaction) as Ledger['transaction'],
    load: counted(ledger.load),
    events: counted(ledger.events),
    lastFreeze: counted(ledger.lastFreeze),
    competingRequests: counted(ledger.competingRequests),
    recent: counted(ledger.recent),
    claim: counted(async (slots) => {
      lastRoundAt = now();
      isFull = true;
      nextDueAt = Number.POSITIVE_INFINITY;
      const claims = await ledger.claim(slots);
      claimed += claims.length;
      return claims;
    }),
    complete: counted(ledger.complete),
    settle: counted(ledger.settle),
    recordRateLimit: counted(ledger.recordRateLimit),
    isPaced: counted(ledger.isPaced),
    nextDueAt: counted(async (of = lanes) => {
      const due = await ledger.nextDueAt(of);
      isFull = of.length < lanes.length;
      nextDueAt = Math.max(now() + 1, due ?? Number.POSITIVE_INFINITY);
      return due;
    }),
  };
  return {
    ledger: watched,
    isFull: () => isFull,
    wakesAt: (othersAreFull: boolean) =>
      othersAreFull ? Math.min(nextDueAt, lastRoundAt + limits.runner.sleepMs) : nextDueAt,
    claimed: () => claimed,
    async quiet() {
      for (await twoTurns(); inProgress > 0; await twoTurns()) {
        idle = Promise.withResolvers<void>();
        await idle.promise;
      }
    },
  };
}

/** A step of the runner begins in the turn after its claim: its first operation is in progress by the next one. */
async function twoTurns(): Promise<void> {
  await nextTurn();
  await nextTurn();
}
