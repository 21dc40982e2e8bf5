import type { LookUp, Membership, Person, Place, RetryAfterMs } from '../access/decision.ts';
import type { Policy } from '../access/policy.ts';
import type { Verb } from '../commands/command.ts';
import type { Vocabulary } from '../commands/vocabulary/vocabulary.ts';
import type { DispatchResult, HistoryUnavailable, MessageSearch, Postponement, PostResult } from './attempt-results.ts';
import type { Call, CampaignResponse, FoundEmergency, Observation, ProbeResult } from './events.ts';
import type { Claim, Completion, Ledger } from './ledger/ledger.ts';
import type { SeenCheckpoint } from './ledger/log/log-event.ts';
import type { AnnouncementState, CampaignReason, Outcome, State } from './outcome.ts';
import type { RefusedPress, Request } from './request.ts';

/** A command that is ready to be sent, or the reason why there is no access token. Nothing has been sent. */
export type PreparedCommand =
  | {
      readonly kind: 'ready';
      /** @param mayLeave called just before anything is written to Campaign; false: nothing is sent */
      send(mayLeave: () => boolean): Promise<DispatchResult>;
    }
  | { readonly kind: 'no_token'; readonly reason: CampaignReason; readonly answer: CampaignResponse };

/** The calls to Campaign that a request needs. */
export type CampaignPort = {
  prepare(workflowId: string, command: Verb): Promise<PreparedCommand>;
  /** Reads the workflow's state. */
  probe(workflowId: string): Promise<Observation>;
  /** The same while people wait: `slow` if it takes longer than `limitMs`. */
  probe(workflowId: string, limitMs: number): Promise<ProbeResult>;
};

/** What the channel shows of a request: its announcement, and the outcome and the follow-up in its thread. */
export type ThreadView =
  | {
      readonly kind: 'read';
      /** `shows` is null if the message does not say. `changedAt` is the time of the last edit, in the format of a `ts`. */
      readonly announcement: {
        readonly ts: string;
        readonly shows: AnnouncementState | null;
        readonly changedAt: string;
      } | null;
      readonly outcome: { readonly outcome: Outcome; readonly digest: string | null; readonly ts: string } | null;
      readonly followUp: string | null;
      /** What the newest message about an emergency says of it. */
      readonly emergency?: FoundEmergency;
      /** Of a batch: what its newest message says of each item. */
      readonly items?: readonly { readonly request: string; readonly state: State }[];
    }
  | HistoryUnavailable;

/** A request that one of the bot's messages names. */
export type PostedRequest = {
  readonly id: string;
  /** The digest of the request's first event (announcement), or of its outcome. */
  readonly digest: string;
  readonly kind: 'announcement' | 'outcome';
};
export type RecentPosts =
  | {
      readonly kind: 'read';
      readonly requests: readonly PostedRequest[];
      /** The checkpoints that the messages carry, those of the newest messages first. */
      readonly checkpoints: readonly SeenCheckpoint[];
    }
  | HistoryUnavailable;

/** The messages that a request needs in Slack. Each call is one attempt, without retries. */
export type Messenger = {
  /** Whether Slack answers, and accepts the bot's token. */
  isReachable(): Promise<boolean>;
  announce(request: Request): Promise<PostResult>;
  findAnnouncement(request: Request): Promise<MessageSearch>;
  updateAnnouncement(request: Request, shown: AnnouncementState): Promise<PostResult>;
  /** Posts the outcome in the announcement's thread. */
  postOutcome(request: Request): Promise<PostResult>;
  findOutcome(request: Request): Promise<MessageSearch>;
  readThread(request: Request): Promise<ThreadView>;
  /** The bot's newest messages in a channel, from one page of its history. */
  recentPosts(channel: string): Promise<RecentPosts>;
  /** Sends the outcome to the requester alone, as an ephemeral reply to the command, while Slack still accepts one. */
  postOutcomePrivately(request: Request): Promise<PostResult>;
  /** Sends the outcome to the requester as a direct message. */
  sendOutcomeDirectly(request: Request): Promise<PostResult>;
  /** Posts the effect of an accepted command on the workflow in the announcement's thread. */
  postFollowUp(request: Request): Promise<PostResult>;
  findFollowUp(request: Request): Promise<MessageSearch>;
  /** Posts in the announcement's thread that a pause is still in force, and will not be for long. */
  postPauseReminder(request: Request): Promise<PostResult>;
  findPauseReminder(request: Request): Promise<MessageSearch>;
  /** Sends it to the requester as a direct message, without buttons. */
  sendPauseReminderDirectly(request: Request): Promise<PostResult>;
  /** Shows in that reminder who answered it. */
  updatePauseReminder(request: Request): Promise<PostResult>;
  /** Posts in the announcement's thread whom a reminder reminds, or a stage of the escalation asks. */
  postCall(request: Request, call: Call): Promise<PostResult>;
  findCall(request: Request, call: Call): Promise<MessageSearch>;
  /** Sends a direct message with the question to somebody whom a stage asks. */
  page(request: Request, person: string): Promise<PostResult>;
  /** Sends a direct message about an emergency, with the button of its review to whoever may give it. */
  pageEmergency(request: Request, person: string): Promise<PostResult>;
  /** Posts the next message about an emergency in the announcement's thread; the first one in the channel as well. */
  tellEmergency(request: Request): Promise<PostResult>;
  findEmergencyMessage(request: Request): Promise<MessageSearch>;
  /** Tells the person who pressed, and nobody else, why the press was refused. */
  replyToPress(request: Request, refused: RefusedPress): Promise<PostResult>;
};

/** People, groups and channels in Slack. The data is at most 60 s old. */
export type Directory = {
  person(id: string, groups: ReadonlySet<string>): Promise<LookUp<Person>>;
  place(channel: string): Promise<LookUp<Place>>;
  /** Asks Slack again where the answer is older than `oldestMs`. */
  channelStatus(channel: string, oldestMs?: number): Promise<ChannelStatus>;
  /**
   * The members of a user group, for a decision that does not depend on them. Takes three seconds at most. Asks Slack
   * again if the cached data is older than `oldestMs`.
   */
  members(group: string, oldestMs?: number): Promise<GroupMembers>;
  /** The status of an account, with the same limits. */
  membership(id: string, oldestMs?: number): Promise<Membership | 'absent' | 'unknown'>;
  /**
   * Who can see a channel, with the same limits: the members of a private one. Null: everybody in the workspace, or it is
   * not known.
   */
  audience(channel: string, oldestMs?: number): Promise<ReadonlySet<string> | null>;
  /** The last known members of a user group, however old; null if they were never known. Does not ask Slack. */
  lastKnownMembers(group: string): ReadonlySet<string> | null;
  /** The time zone (IANA name) of somebody's settings when Slack last said it; null where it never did. Asks nobody. */
  lastKnownTimezone(person: string): string | null;
  /** How somebody's account stood when Slack last said so, however long ago; null where it never did. Asks nobody. */
  lastKnownMembership(person: string): Membership | null;
};

/** `gone`: the user group does not exist, or is disabled. `unknown`: Slack did not return its members. */
export type GroupMembers =
  | { readonly kind: 'known'; readonly users: ReadonlySet<string> }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unknown'; readonly retryAfterMs: RetryAfterMs };

/**
 * Compares the requests that were open when this process started with their channels, before any of them is ended or
 * sent. The ledger may have been restored from a copy that is older than what the channel shows.
 */
export type Reconciliation = {
  /** Whether the request had a due task when this process started. */
  wasOpen(id: string): boolean;
  /** Null if the request can continue. */
  ready(id: string): Promise<Postponement | null>;
};

/**
 * The current status of a channel ID. `gone`: the bot cannot see the channel. `isEarlier`: the cached answer to an
 * earlier call.
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

/** All dependencies of the steps. Policy, environments and vocabulary are functions because the configuration can be reloaded. */
export type Ports = {
  readonly ledger: Ledger;
  readonly messenger: Messenger;
  readonly directory: Directory;
  /** The bot's own workspace. */
  readonly team: string;
  /** The address of the workspace, such as `https://acme.slack.com/`; null if Slack did not say. */
  readonly workspace: string | null;
  readonly policy: () => Policy;
  /** The current name of the environment with this organization; null if it is no longer configured. */
  readonly environmentOf: (organization: string) => string | null;
  /** After what time Campaign ends a pause in the environment of an organization, in milliseconds; null: nobody is reminded of pauses there. */
  readonly pausesEndAfter: (organization: string) => number | null;
  readonly environments: () => readonly { readonly name: string; readonly organization: string }[];
  readonly vocabulary: () => Vocabulary;
  /** The Campaign of an organization; null if it is no longer configured. */
  readonly campaign: (organization: string) => CampaignPort | null;
  readonly reconciliation: Reconciliation;
  /** Resolves once no interaction waits for its acknowledgement. Null if none does. */
  readonly acknowledged: () => Promise<void> | null;
  readonly now: () => number;
  /** From 0 to below 1; spreads retries. */
  readonly random: () => number;
  readonly log: Log;
  readonly count: RequestCounters;
};

/** Counters for monitoring. */
export type RequestCounters = {
  /** Slack posted a reply in the channel itself because the announcement was deleted. */
  unthreaded(): void;
  fault(where: 'step'): void;
};

/** What a step leaves to be recorded, in the transaction that also releases its task. */
export type Recording = Pick<Completion, 'record' | 'signal'> & {
  /** Called after the commit, if something was recorded. */
  readonly recorded?: (request: Request) => void;
};

/** How a step ends. Undefined: it has recorded everything, or there is nothing to do. */
export type StepResult = Postponement | Recording | undefined;

export type Step = (request: Request, ports: Ports, claim: Claim) => Promise<StepResult>;
