import type { LookUp, Membership, Person, Place, RetryAfterMs } from '../access/decision.ts';
import type { Policy } from '../access/policy.ts';
import type { Verb } from '../commands/command.ts';
import type { Vocabulary } from '../commands/vocabulary/vocabulary.ts';
import type { DispatchResult, HistoryUnavailable, MessageSearch, Postponement, PostResult } from './attempt-results.ts';
import type { CampaignResponse, Observation, ProbeResult } from './events.ts';
import type { Claim, Ledger } from './ledger/ledger.ts';
import type { AnnouncementState, CampaignReason, Outcome } from './outcome.ts';
import type { RefusedPress, Request } from './request.ts';

/** A command that is ready to be sent, or why there is no access token for it. Nothing was sent so far. */
export type PreparedCommand =
  | {
      readonly kind: 'ready';
      /** @param mayLeave asked at the last moment before anything is written to Campaign */
      send(mayLeave: () => boolean): Promise<DispatchResult>;
    }
  | { readonly kind: 'no_token'; readonly reason: CampaignReason; readonly answer: CampaignResponse };

/** Campaign, as a request needs it. */
export type CampaignPort = {
  prepare(workflowId: string, command: Verb): Promise<PreparedCommand>;
  observe(workflowId: string): Promise<Observation>;
  /** The same for people who wait: it takes three seconds at the most, and says so where that was not enough. */
  probe(workflowId: string): Promise<ProbeResult>;
};

/** What the channel shows of a request: its announcement, and the outcome and the note in its thread. */
export type ThreadView =
  | {
      readonly kind: 'read';
      /** `shows` is null where the message does not say; `changedAt` is when it was last edited, as a message's `ts`. */
      readonly announcement: {
        readonly ts: string;
        readonly shows: AnnouncementState | null;
        readonly changedAt: string;
      } | null;
      readonly outcome: { readonly outcome: Outcome; readonly digest: string | null; readonly ts: string } | null;
      readonly followUp: string | null;
    }
  | HistoryUnavailable;

/** A request as one of the bot's own messages names it. */
export type PostedRequest = {
  readonly id: string;
  /** Of the request's first event (announcement), or of its outcome. */
  readonly digest: string;
  readonly kind: 'announcement' | 'outcome';
};
export type RecentPosts = { readonly kind: 'read'; readonly requests: readonly PostedRequest[] } | HistoryUnavailable;

/** Slack, as a request needs it. Each post is one attempt, without retries. */
export type Messenger = {
  /** Whether Slack answers, and accepts the bot's token. */
  isReachable(): Promise<boolean>;
  announce(request: Request): Promise<PostResult>;
  findAnnouncement(request: Request): Promise<MessageSearch>;
  /** Brings the announcement up to date. */
  updateAnnouncement(request: Request, shown: AnnouncementState): Promise<PostResult>;
  /** The outcome, into the announcement's thread. */
  postOutcome(request: Request): Promise<PostResult>;
  findOutcome(request: Request): Promise<MessageSearch>;
  readThread(request: Request): Promise<ThreadView>;
  /** The newest messages of the bot's own in a channel, one page of it. */
  recentPosts(channel: string): Promise<RecentPosts>;
  /** The outcome, to the requester alone, as a reply to what was typed, while Slack still takes one. */
  postOutcomePrivately(request: Request): Promise<PostResult>;
  /** The outcome, to the requester, as a direct message. */
  sendOutcomeDirectly(request: Request): Promise<PostResult>;
  /** What was seen of the workflow after its command was accepted, into the announcement's thread. */
  postFollowUp(request: Request): Promise<PostResult>;
  findFollowUp(request: Request): Promise<MessageSearch>;
  /** Tells who pressed, and nobody else, why that did not count. */
  replyToPress(request: Request, refused: RefusedPress): Promise<PostResult>;
};

/** Whom and what Slack knows, at most 60 s old. */
export type Directory = {
  person(id: string, groups: ReadonlySet<string>): Promise<LookUp<Person>>;
  place(channel: string): Promise<LookUp<Place>>;
  /** Asks Slack again where the answer is older than `oldestMs`. */
  channelStatus(channel: string, oldestMs?: number): Promise<ChannelStatus>;
  /**
   * Who is in a user group, and how somebody's account stands, for a decision that does without: three seconds at the
   * most. Asks Slack again where the answer is older than `oldestMs`.
   */
  members(group: string, oldestMs?: number): Promise<GroupMembers>;
  membership(id: string, oldestMs?: number): Promise<Membership | 'absent' | 'unknown'>;
  /** Who was in a user group when Slack last said so, however long ago; null where it never did. Asks nobody. */
  lastKnownMembers(group: string): ReadonlySet<string> | null;
  /** How somebody's account stood when Slack last said so, however long ago; null where it never did. Asks nobody. */
  lastKnownMembership(person: string): Membership | null;
};

/** `gone`: Slack has no such user group, or it is disabled. */
export type GroupMembers =
  | { readonly kind: 'known'; readonly users: ReadonlySet<string> }
  | { readonly kind: 'gone' | 'unknown' };

/**
 * Compares what was open when this process started with the channel, before anything of it is ended or sent: the ledger
 * may have been restored from a copy that is older than what the channel shows.
 */
export type Reconciliation = {
  /** Whether something was left to do for the request when this process started. */
  wasOpen(id: string): boolean;
  /** Null once the request may go on. */
  ready(id: string): Promise<Postponement | null>;
};

/**
 * What became of a channel by that ID, as Slack says now. `gone`: Slack does not show it to the bot. `isEarlier`: the
 * answer to an earlier question, as it is remembered.
 */
export type ChannelStatus =
  | { readonly kind: 'same' | 'gone'; readonly isEarlier?: true }
  | { readonly kind: 'unknown'; readonly retryAfterMs: RetryAfterMs }
  | { readonly kind: 'moved'; readonly to: string };

export type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** Everything that the steps of a request touch. Policy and environments may change from one look to the next. */
export type Ports = {
  readonly ledger: Ledger;
  readonly messenger: Messenger;
  readonly directory: Directory;
  /** The bot's own workspace. */
  readonly team: string;
  readonly policy: () => Policy;
  /** What the configuration calls the environment with this organization now; null where it has none any more. */
  readonly environmentOf: (organization: string) => string | null;
  readonly environments: () => readonly { readonly name: string; readonly organization: string }[];
  readonly vocabulary: () => Vocabulary;
  /** The Campaign of an organization; null where the configuration does not have it any more. */
  readonly campaign: (organization: string) => CampaignPort | null;
  readonly reconciliation: Reconciliation;
  readonly now: () => number;
  /** From 0 to below 1; spreads what is tried again. */
  readonly random: () => number;
  readonly log: Log;
  readonly count: RequestCounters;
};

/** What is counted, for those who are paged. */
export type RequestCounters = {
  ended(outcome: Outcome): void;
  /** A reply stands in the channel itself, since its announcement was deleted. */
  unthreaded(): void;
  fault(where: 'step'): void;
};

export type Step = (request: Request, ports: Ports, claim: Claim) => Promise<Postponement | undefined>;
