import type { ActiveFreeze } from '../../access/freeze-windows.ts';
import type { Task } from '../due.ts';
import type { Event, EventOf, Order, RecordedEvent } from '../events.ts';
import type { Lane, Slots } from '../priority.ts';
import type { Request } from '../request.ts';
import type { CompetingRequests } from '../rules/exclusivity.ts';
import type { AnswerObstacle, WatchObstacle, WatchStore } from '../watches/watch-store.ts';
import type { LedgerProblem } from './health.ts';
import type { LedgerState } from './ledger-state.ts';
import type { Checkpoint } from './log/checkpoints.ts';
import type { Restored, SeenCheckpoint } from './log/log-event.ts';
import type { ClaimedPost, PostTry } from './log/log-posts.ts';
import type { Sealed } from './log/sealing.ts';
import type { WatchOrder } from './watches/order-watch.ts';

/** A new request. `immediateEvents` are recorded in the same transaction. */
export type Submission = {
  readonly id: string;
  readonly requested: EventOf<'requested'>['data'];
  readonly immediateEvents?: readonly Event[];
  /** No rule names the requester, as far as is known. The request will probably be refused, and must not delay others. */
  readonly isUnnamed?: boolean;
  /** The items of a batch, recorded in the same transaction. */
  readonly items?: readonly Pick<Submission, 'id' | 'requested'>[];
};

export type Submitted = { readonly kind: 'recorded'; readonly request: Request; readonly isNew: boolean };
/** Not recorded: the requester has too many open requests of this kind. `oldest` is the ID of the oldest of them. */
export type TooManyOpen = { readonly kind: 'too_many_open'; readonly oldest: string };

/** A task that this process has claimed. No other process can claim it until it is settled or its lease ends. */
export type Claim = {
  readonly request: string;
  readonly task: Task;
  readonly lane: Lane;
  readonly attempts: number;
  /** Unique for each call of `claim`. */
  readonly lease: string;
  /** Set if the claim was recorded together with the intent of its step's side effect: when its lease ends. */
  readonly begunUntil?: number;
};

/** How a step ends. */
export type Completion = {
  /** The events to record, by the request's current state. With none, or if the first is not allowed, nothing is recorded. */
  record(current: Request, tx: LedgerTransaction): readonly Event[] | Promise<readonly Event[]>;
  /** Aborts the wait for a ledger that is unavailable. Default: a minute. */
  readonly signal?: AbortSignal;
  readonly slots: Slots;
  /** The intent of a step that follows at once, to be recorded with this one; null: the step records its own. */
  readonly intent?: (following: Task, request: Request, tx: LedgerTransaction) => Promise<Event | null>;
};

/** Why the texts of a request are erased, and who does it; both are recorded. */
export type Erasure = { readonly by: string; readonly because: string };

export type Erased =
  /** `quotedBy`: the requests that still have the reason: whose refusals quote that of a freeze, the pause and its end, or what was asked again. */
  | { readonly kind: 'erased'; readonly request: Request; readonly quotedBy: readonly string[] }
  | { readonly kind: 'no_such_request' }
  /** The request has no outcome yet. */
  | { readonly kind: 'still_open' }
  /** It has no texts: they were erased before, or its events are of an earlier version, or nobody wrote any. */
  | { readonly kind: 'nothing_to_erase' };

/** `forged`: the order was not given with the bot's key. */
export type ErasureAnswer =
  | { readonly kind: 'erased'; readonly quotedBy: readonly string[] }
  | { readonly kind: Exclude<Erased['kind'], 'erased'> | 'forged' };

/** What came of an order to erase texts. */
export type AnsweredOrder = { readonly request: string; readonly by: string; readonly answer: ErasureAnswer };

export type Completed = {
  /** The request with the events of this step; null if nothing was recorded. */
  readonly recorded: Request | null;
  readonly next: readonly Claim[];
  /** The tasks of the changed requests that are not in `next`. Other steps can have claimed them. */
  readonly left: readonly DueTask[];
};

/** `dueAt`: milliseconds since the epoch. */
export type DueTask = { readonly request: string; readonly task: Task; readonly dueAt: number };

/** Selects requests of one channel, the newest first. */
export type RecentQuery = {
  readonly channel: string;
  /** Only of one workflow. At most one of workflow, organization and person is given: each has an index of its own. */
  readonly workflowKey: string | null;
  readonly organization?: string;
  /** Only what this person has requested. With `refused: false` also what the person has confirmed, in any state. */
  readonly person?: string;
  /** Only refused requests, or only others. */
  readonly refused: boolean;
  readonly limit: number;
  /** Continues after the request at this place. */
  readonly after?: Place;
};

/** The place of a request in a history: two can have the same time. */
export type Place = Pick<Request, 'id' | 'requestedAt'>;

/** What was asked for of a workflow: what has no outcome yet, and the newest commands that were accepted, or were seen to be. */
export type CommandsTo = { readonly open: readonly Request[]; readonly accepted: readonly Request[] };

/** The outcomes that could not be posted yet: how many, and the time of the oldest, in milliseconds since the epoch. */
export type PendingOutcomes = { readonly count: number; readonly since: number | null };

/** A rate limit (429) from Slack. */
export type RateLimit = {
  /** The ID of a channel, or of the person who gets a direct message; `updates` (`priority.ts`) for all updates. */
  readonly channel: string;
  readonly retryAfterMs: number;
};

/** The operations within one transaction. */
export type LedgerTransaction = {
  /** Loads a request and locks its workflow: until the transaction ends, no other transaction writes about that workflow. */
  load(id: string): Promise<Request | null>;
  /** Appends events in order. Null, with nothing written, if the first of them is not allowed in the current state. */
  append(request: Request, ...events: readonly Event[]): Promise<Request | null>;
  /** The granted requests of this workflow without an outcome: questions, and at most one command and one stop being executed. */
  openRequests(workflowKey: string): Promise<readonly Request[]>;
  /** The commands to a workflow that Campaign accepted, or may have, and that were requested after that time. */
  sentSince(workflowKey: string, since: number): Promise<readonly Request[]>;
  /** Renews the lease of a task and returns its end; null if another process has claimed the task. */
  renew(claim: Claim): Promise<number | null>;
  /** The request whose announcement has just notified the same approvers for the same requester; null if this request's announcement has to notify them. */
  notifiedBy(request: Request): Promise<string | null>;
  /**
   * What competes with a request for this workflow: the open requests, the newest stop that Campaign accepted, or may
   * have accepted, unless it has accepted a start since, and the organization's last freeze.
   */
  competingRequests(order: Pick<Order, 'organization' | 'workflowId'>): Promise<CompetingRequests>;
  /** The newest freeze of an organization that took effect, unless it was lifted since. Its time may have ended. */
  lastFreeze(organization: string): Promise<Request | null>;
  /** Begins the watch of this request, or ends it; null: that is done. */
  orderWatch(request: Pick<Request, 'id' | 'order' | 'channel'>, order: WatchOrder): Promise<WatchObstacle | null>;
  /** Carries out what this request answers to an alert; null: that is done. */
  answerWatch(request: Pick<Request, 'id' | 'order' | 'channel' | 'requester'>): Promise<AnswerObstacle | null>;
  /** Records a request that follows from another one, unless its interaction is recorded. */
  submit(submission: Submission): Promise<void>;
};

/** The stored record: append-only events, and the tasks that are due because of them. */
export type Ledger = {
  /** The IDs of the requests that had a due task when this process opened the ledger. */
  readonly openAtStart: readonly string[];
  /** The database's clock, estimated by this process, in milliseconds since the epoch. All times in the ledger are by this clock. */
  now(): number;
  /**
   * Records a new request, or finds the earlier request of the same interaction. Rejects with a
   * LedgerUnavailableError if it could not be recorded before `signal` aborts; it is not recorded later either.
   */
  submit(submission: Submission, signal: AbortSignal): Promise<Submitted>;
  /** The same, unless the requester has `mostOpen` open requests of this kind: stops, pauses and freezes, or all others. */
  submitWithin(mostOpen: number, submission: Submission, signal: AbortSignal): Promise<Submitted | TooManyOpen>;
  transaction<T>(work: (transaction: LedgerTransaction) => Promise<T>, signal?: AbortSignal): Promise<T>;
  load(id: string): Promise<Request | null>;
  /** The request that was recorded for an interaction. */
  requestOf(interaction: string): Promise<Request | null>;
  events(id: string): Promise<readonly RecordedEvent[]>;
  /**
   * Removes what people wrote in a request that has ended, and their names, and records that. The events stay. With SQLite
   * nothing of it is left in the files.
   */
  eraseText(id: string, erasure: Erasure): Promise<Erased>;
  /**
   * With SQLite: carries out the orders of the audit program to erase texts, each once. Rejects with an ErasedTextsKeptError
   * if somebody reads the ledger; what is left to do is done by a later call.
   */
  carryOutErasures(answered: (order: AnsweredOrder) => void): Promise<void>;
  /** As in a transaction, but without a lock. */
  lastFreeze(organization: string): Promise<Request | null>;
  /** As in a transaction, but without a lock. */
  competingRequests: LedgerTransaction['competingRequests'];
  commandsTo(workflowKey: string): Promise<CommandsTo>;
  recent(query: RecentQuery): Promise<readonly Request[]>;
  /**
   * The IDs of the requests that wait for a confirmation in some channels, and of those that a person has asked there and
   * that have no outcome: sixty of each channel and of the person at most.
   */
  waiting(person: string, channels: ReadonlySet<string>): Promise<readonly string[]>;
  /** The IDs of the requests whose emergency waits for its review, in any channel. */
  unreviewed(): Promise<readonly string[]>;
  /** Claims due tasks, the most urgent of each lane first. A number applies to every lane. */
  claim(slots: Slots | number): Promise<readonly Claim[]>;
  /**
   * Ends the step of a claim: records its events, releases its task, and claims tasks that follow for the same request
   * and fit into `slots`, all in one transaction.
   */
  complete(claim: Claim, completion: Completion): Promise<Completed>;
  /** Releases a claim, unless another process has claimed the task. The task is due when its request says so, but not before `notBefore`, which counts as an attempt. */
  settle(claim: Claim, notBefore?: number): Promise<void>;
  /** Records that Slack limited a channel. From now on its posts are paced, the most urgent first. */
  recordRateLimit(limit: RateLimit): Promise<void>;
  /** Whether posts in that channel are paced now. */
  isPaced(channel: string): Promise<boolean>;
  /** When the next unclaimed task of these lanes (default: all) is due, in milliseconds since the epoch. */
  nextDueAt(of?: readonly Lane[]): Promise<number | null>;
  /** The channels that have requests other than refused ones. */
  channels(): Promise<readonly string[]>;
  /** The recorded outcomes that could not be posted yet. */
  pendingOutcomes(): Promise<PendingOutcomes>;
  /** What it holds now, for monitoring. */
  state(): Promise<LedgerState>;
  /** Whether other processes may write as well. */
  readonly isShared: boolean;
  /** Gives a batch of recorded events their places in the log. */
  seal(): Promise<Sealed>;
  /** Records, once, that the log lacks one of these checkpoints, which were seen elsewhere before this call. Null: it lacks none, or that is recorded already. */
  recordRestored(seen: readonly SeenCheckpoint[]): Promise<Restored | null>;
  /** What was recorded so in the last day, by any process; null: nothing. */
  lastRestored(): Promise<Restored | null>;
  /** Claims the checkpoint of today for the channel of the record; null: there is nothing to post now. */
  claimLogPost(channel: string, leaseMs: number): Promise<ClaimedPost | null>;
  /** Records how a try to post it ended. Whether that is news. */
  settleLogPost(claimed: ClaimedPost, result: PostTry): Promise<boolean>;
  /** The clock may have been turned back: what was recorded ahead of it counts from now. True if anything was. */
  resetAhead(): Promise<boolean>;
  /** The workflows that are watched, and what channels are told of them. */
  readonly watches: WatchStore<LedgerTransaction>;
  /** The newest checkpoint of the log that this process knows. */
  checkpoint(): Checkpoint;
  /** Why the ledger is unavailable; null if it is available. */
  problem(): LedgerProblem | null;
  close(): Promise<void>;
};

/** The freeze that was declared in Slack for an organization's environment; null if none is in force. */
export async function declaredFreeze(
  organization: string,
  { ledger, now }: { readonly ledger: Pick<Ledger, 'lastFreeze'>; readonly now: () => number },
): Promise<ActiveFreeze | null> {
  const freeze = await ledger.lastFreeze(organization);
  const until = freeze?.order.until;
  if (freeze === null || until === undefined || until <= now()) return null;
  return { because: freeze.order.reason, until, request: freeze.id };
}
