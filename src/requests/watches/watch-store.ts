import type { WatchChoice } from '../../commands/command.ts';
import type { RecordedWorkflowState } from '../events.ts';
import type { EndReason } from '../outcome.ts';
import type { Request } from '../request.ts';
import type { SeenChange } from './after-look.ts';
import type { WorkflowLook } from './condition.ts';
import type { Mute, Outbox, Try, TryResult } from './outbox.ts';
import type { Telling, WatchMemory } from './watch-step.ts';
import type { WatchTerms } from './watch-terms.ts';

/** A workflow that this process looks at now; no other does before the lease ends. */
export type ClaimedLook = {
  /** `workflowKey` (`request.ts`). */
  readonly key: string;
  readonly organization: string;
  readonly workflowId: string;
  readonly lease: string;
  /** Milliseconds since the epoch. */
  readonly claimedAt: number;
  /** How long after it was due, in milliseconds. */
  readonly lateMs: number;
};

export type LooksToClaim = { readonly organization: string; readonly most: number; readonly leaseMs: number };

export type SettledLook = {
  /** What is to be told. */
  readonly told: readonly Telling[];
  /** Whether requests have ended because Campaign shows another state than before. */
  readonly hasEnded: boolean;
};

/**
 * Ends the commands for later that the change of a workflow supersedes, in the transaction that records the change. True if
 * there were any.
 */
export type EndChanged<Tx> = (tx: Tx, change: SeenChange) => Promise<boolean>;

/** A message of a watch that this process may post, or edit, before its lease ends. */
export type ClaimedWatchPost = {
  readonly key: string;
  readonly lease: string;
  /** Milliseconds since the epoch. */
  readonly leaseUntil: number;
  readonly terms: WatchTerms;
  readonly memory: WatchMemory;
  readonly outbox: Outbox;
  /** Until when it is muted, and who has done that; null: it is not. */
  readonly muted: Mute | null;
  /** The message of the alert. */
  readonly ts: string | null;
  readonly tried: Try;
  /** Whether an earlier try may have posted it. */
  readonly isInDoubt: boolean;
};

/** `key`: that of the workflow, `workflowKey` (`request.ts`). */
export type WatchPlace = { readonly key: string; readonly channel: string };

/** What the configuration says now of a workflow and a channel. */
export type KnownPlaces = {
  /** Null: it is not configured. */
  environmentOf(organization: string): string | null;
  pausesEndAfter(organization: string): number | null;
  aliasOf(workflow: { readonly workflowId: string; readonly environment: string }): string | null;
  /** Whether a rule is about the channel. */
  isNamed(channel: string): boolean;
};

/** Why an order about a watch has no effect. */
export type WatchObstacle = Extract<
  EndReason,
  { readonly kind: 'watched_already' | 'not_watched' | 'watched_by_file' | 'too_many_watches' }
>;

/** Why an answer to an alert has no effect. */
export type AnswerObstacle = Extract<
  EndReason,
  { readonly kind: 'not_watched' | 'muted_already' | 'left_already' | 'not_paused' }
>;

/** A watch, for people. */
export type ChannelWatch = {
  readonly terms: WatchTerms;
  readonly isOfFile: boolean;
  /** Its environment is not configured now, or no rule names the channel: nothing is looked at. */
  readonly isResting: boolean;
  /** The request that began it; null: the configuration did. */
  readonly asked: string | null;
  /** Until when nothing is told, which may be past. */
  readonly muted: Mute | null;
  readonly seen: {
    /** The state that Campaign showed last, and when it answered last; null: it has not yet. */
    readonly reading: RecordedWorkflowState | null;
    readonly answeredAt: number | null;
    /** Whether the last look failed. */
    readonly isFailing: boolean;
  };
};

/** The watches in the ledger. Every process that shares it works on them; a claim excludes the others. `Tx`: a transaction of the ledger. */
export type WatchStore<Tx> = {
  /** Makes the watches of the configuration those of the ledger. Those of commands stay. */
  sync(wanted: readonly WatchTerms[], places: KnownPlaces): Promise<void>;
  /** The channels with watches of commands. */
  askedChannels(): Promise<readonly string[]>;
  /** The channel has another ID now: its watches of commands go with it. The next `sync` wakes them there. */
  move(channels: { readonly from: string; readonly to: string }): Promise<void>;
  /** As an order in a transaction (`orderWatch`) would say it. */
  obstacle(request: Pick<Request, 'order' | 'channel'>, choice: WatchChoice): Promise<WatchObstacle | null>;
  /** What a channel is told of. */
  inChannel(channel: string): Promise<readonly ChannelWatch[]>;
  /** The organizations with looks that are due at that moment. */
  organizationsDue(now: number): Promise<readonly string[]>;
  /** When the next message may be posted; null: none waits. */
  nextPostAt(): Promise<number | null>;
  /** Claims looks at workflows of an organization that are due, those that have waited longest first. */
  claimLooks(which: LooksToClaim): Promise<readonly ClaimedLook[]>;
  /** Records what a look has shown. Null: another process has looked in the meantime. */
  settleLook(claim: ClaimedLook, look: WorkflowLook, endChanged: EndChanged<Tx>): Promise<SettledLook | null>;
  /** Claims messages that wait to be posted, with their intent. */
  claimPosts(leaseMs: number): Promise<readonly ClaimedWatchPost[]>;
  /** Records how a try to post ended. Whether its problem is news. */
  settlePost(claim: ClaimedWatchPost, result: TryResult): Promise<boolean>;
};
