import type { ActiveFreeze } from '../../access/freeze-windows.ts';
import type { Task } from '../due.ts';
import type { Event, EventOf, RecordedEvent } from '../events.ts';
import type { Lane, Slots } from '../priority.ts';
import type { Request } from '../request.ts';
import type { LedgerProblem } from './health.ts';

/** A request on its way in. What is decided at once (`happened`) is written with it. */
export type Submission = {
  readonly id: string;
  readonly requested: EventOf<'requested'>['data'];
  readonly immediateEvents?: readonly Event[];
  /** No rule names the requester, so the request is refused unless that is out of date; it must not delay what may be granted. */
  readonly isUnnamed?: boolean;
};

export type Submitted = { readonly kind: 'recorded'; readonly request: Request; readonly isNew: boolean };
/** Not recorded: the requester has too many requests of this kind open; `oldest` is the first of them. */
export type TooManyOpen = { readonly kind: 'too_many_open'; readonly oldest: string };

/** A task that this process has taken and nobody else may touch until it is settled or its lease is over. */
export type Claim = {
  readonly request: string;
  readonly task: Task;
  readonly lane: Lane;
  readonly attempts: number;
  /** Tells this claim from every other one. */
  readonly lease: string;
};

/** Whose requests to tell: of one channel, the newest first. */
export type RecentQuery = {
  readonly channel: string;
  readonly workflowKey: string | null;
  /** Those that were refused, or all others. */
  readonly refused: boolean;
  readonly limit: number;
  /** Goes on behind this one. */
  readonly after?: Pick<Request, 'id' | 'requestedAt'>;
};

/** The outcomes that could not be told so far: how many, and since when the first of them waits, in milliseconds since the epoch. */
export type PendingOutcomes = { readonly count: number; readonly since: number | null };

/** What Slack's 429 was about. Edits have a limit of their own, which holds back no posts. */
export type RateLimit = {
  /** A channel, or the person of a direct message. */
  readonly channel: string;
  readonly retryAfterMs: number;
  readonly kind: 'posts' | 'edits';
};

/** What can be done within one transaction: all of it is written, or nothing. */
export type LedgerTransaction = {
  /** Until the transaction ends nobody else writes about this request or its workflow. */
  load(id: string): Promise<Request | null>;
  /** Appends events in order; null, with nothing written, where the first of them may not happen (any more). */
  append(request: Request, ...events: readonly Event[]): Promise<Request | null>;
  /** The requests about this workflow that were granted and have no outcome: questions, and at most one command and one stop on their way. */
  openRequests(workflowKey: string): Promise<readonly Request[]>;
  /** Begins the lease of a task anew and says until when it lasts; null where somebody else has the task by now. */
  renew(claim: Claim): Promise<number | null>;
  /** Whose announcement has just notified the same approvers for the same requester; null where this request's is to do it. */
  notifiedBy(request: Request): Promise<string | null>;
  /** The newest stop that Campaign took, or may have taken, unless it has taken a start since. */
  lastStop(workflowKey: string): Promise<Request | null>;
  /** The newest freeze of an organization that took hold, unless it was lifted since; it may be over. */
  lastFreeze(organization: string): Promise<Request | null>;
};

/** The record: append-only events, and what is due because of them. */
export type Ledger = {
  /** The requests that had something due when this process opened the ledger. */
  readonly openAtStart: readonly string[];
  /** The database's clock as this process knows it, in milliseconds since the epoch: the one that all times here are by. */
  now(): number;
  /**
   * Writes a new request, or finds the one that the same interaction made before. Rejects with a
   * LedgerUnavailableError when it could not be written before `signal` aborts, and then nothing is
   * written later either.
   */
  submit(submission: Submission, signal: AbortSignal): Promise<Submitted>;
  /** The same, unless the requester has `mostOpen` requests of this kind open: stops, pauses and freezes, or all others. */
  submitWithin(mostOpen: number, submission: Submission, signal: AbortSignal): Promise<Submitted | TooManyOpen>;
  transaction<T>(work: (transaction: LedgerTransaction) => Promise<T>, signal?: AbortSignal): Promise<T>;
  load(id: string): Promise<Request | null>;
  events(id: string): Promise<readonly RecordedEvent[]>;
  /** As within a transaction. */
  lastFreeze(organization: string): Promise<Request | null>;
  recent(query: RecentQuery): Promise<readonly Request[]>;
  /** Takes what is due, the most urgent of each lane first; a number stands for so many of every lane. */
  claim(slots: Slots | number): Promise<readonly Claim[]>;
  /** Gives a task back, unless somebody else has it by now: it is due when its request says so, and not before `notBefore` (then it counts as put off). */
  settle(claim: Claim, notBefore?: number): Promise<void>;
  /** Slack limited a channel: from now on what posts there takes turns, the most urgent first. */
  recordRateLimit(limit: RateLimit): Promise<void>;
  /** Whether posts in that channel take turns now. */
  isPaced(channel: string): Promise<boolean>;
  /** When the next unclaimed task (of these lanes) is due, in milliseconds since the epoch. */
  nextDueAt(of?: readonly Lane[]): Promise<number | null>;
  /** The channels in which something was ever asked for. */
  channels(): Promise<readonly string[]>;
  /** What is recorded but could not be told yet. */
  pendingOutcomes(): Promise<PendingOutcomes>;
  /** Why it cannot be worked with at the moment; null where it can. */
  problem(): LedgerProblem | null;
  close(): Promise<void>;
};

/** The freeze that people declared for an organization's environment; null where none is in force. */
export async function declaredFreeze(
  organization: string,
  { ledger, now }: { readonly ledger: Pick<Ledger, 'lastFreeze'>; readonly now: () => number },
): Promise<ActiveFreeze | null> {
  const freeze = await ledger.lastFreeze(organization);
  const until = freeze?.order.until;
  if (freeze === null || until === undefined || until <= now()) return null;
  return { because: freeze.order.reason, until, request: freeze.id };
}
