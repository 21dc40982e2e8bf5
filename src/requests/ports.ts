import type { Looked, Person, Place } from '../access/decision.ts';
import type { Policy } from '../access/policy.ts';
import type { Verb } from '../commands/command.ts';
import type { Answer, Glance, Observation } from './events.ts';
import type { Claim, Ledger } from './ledger/ledger.ts';
import type { CampaignReason, SlackReason } from './reasons.ts';
import type { RefusedPress, Request } from './request.ts';
import type { Outcome, Shown } from './state.ts';

/** What one attempt to send a command came to. */
export type Sent =
  | { readonly kind: 'accepted'; readonly answer: Answer }
  /** A no: certainly not carried out. */
  | { readonly kind: 'rejected'; readonly reason: CampaignReason; readonly answer: Answer }
  /** Proof that Campaign did not get it. */
  | {
      readonly kind: 'not_reached';
      readonly reason: CampaignReason;
      readonly retryAfterMs: number | null;
      readonly answer: Answer;
    }
  /** It may have arrived. */
  | { readonly kind: 'unknown'; readonly reason: CampaignReason; readonly answer: Answer }
  /** Nothing was sent: when all was ready, it might not leave any more. */
  | { readonly kind: 'held_up' };

/** A command that is ready to be sent, or why there is no access token for it. Nothing was sent so far. */
export type Prepared =
  | {
      readonly kind: 'ready';
      /** @param mayLeave asked at the last moment before anything is written to Campaign */
      send(mayLeave: () => boolean): Promise<Sent>;
    }
  | { readonly kind: 'no_token'; readonly reason: CampaignReason; readonly answer: Answer };

/** Campaign, as a request needs it. */
export type Campaign = {
  prepare(workflowId: string, command: Verb): Promise<Prepared>;
  look(workflowId: string): Promise<Observation>;
  /** The same for people who wait: it takes three seconds at the most, and says so where that was not enough. */
  glance(workflowId: string): Promise<Glance>;
};

/** What became of a message to Slack. */
export type Posted =
  /** `unthreaded`: it was to be a reply, and Slack put it into the channel itself, for the announcement is gone. */
  | { readonly kind: 'posted'; readonly ts: string; readonly unthreaded?: true }
  /** Not posted; Slack wants us to wait. */
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number }
  /** Not posted. Whether another try may help is told by `mayPass`. */
  | { readonly kind: 'refused'; readonly reason: SlackReason }
  /** It may have been posted. */
  | { readonly kind: 'doubt' };

/** What a search for our own message found. `unknowable`: the channel's history cannot be read. */
export type Found =
  | { readonly kind: 'found'; readonly ts: string; readonly unthreaded?: true }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknowable' }
  | { readonly kind: 'unreachable' };

/** Slack, as a request needs it. Each post is one attempt, without retries. */
export type Messenger = {
  /** Whether Slack answers, and accepts the bot's token. */
  isThere(): Promise<boolean>;
  announce(request: Request): Promise<Posted>;
  findAnnouncement(request: Request): Promise<Found>;
  /** Brings the announcement up to date. */
  show(request: Request, shown: Shown): Promise<Posted>;
  /** The outcome, into the announcement's thread. */
  report(request: Request): Promise<Posted>;
  findReport(request: Request): Promise<Found>;
  /** The outcome, to the requester alone, as a reply to what was typed, while Slack still takes one. */
  reportPrivately(request: Request): Promise<Posted>;
  /** The outcome, to the requester, as a direct message. */
  reportDirectly(request: Request): Promise<Posted>;
  /** What was seen of the workflow after its command was accepted, into the announcement's thread. */
  note(request: Request): Promise<Posted>;
  findNote(request: Request): Promise<Found>;
  /** Tells who pressed, and nobody else, why that did not count. */
  answerPress(request: Request, refused: RefusedPress): Promise<Posted>;
};

/** Whom and what Slack knows, at most 60 s old. */
export type Directory = {
  person(id: string, groups: ReadonlySet<string>): Promise<Looked<Person>>;
  place(channel: string): Promise<Looked<Place>>;
  /** Who was in a user group when Slack last said so, however long ago; null where it never did. Asks nobody. */
  lastMembers(group: string): ReadonlySet<string> | null;
};

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
  /** The Campaign of an organization; null where the configuration does not have it any more. */
  readonly campaign: (organization: string) => Campaign | null;
  readonly now: () => number;
  /** From 0 to below 1; spreads what is tried again. */
  readonly random: () => number;
  readonly log: Log;
  readonly count: Counts;
};

/** What is counted, for those who are paged. */
export type Counts = {
  ended(outcome: Outcome): void;
  /** A reply stands in the channel itself, since its announcement was deleted. */
  unthreaded(): void;
  fault(where: 'step'): void;
};

/** When a step cannot go on: not before this time, in milliseconds since the epoch. Nothing: it got somewhere. */
export type PutOff = { readonly notBefore: number };
export type Step = (request: Request, ports: Ports, claim: Claim) => Promise<PutOff | undefined>;
