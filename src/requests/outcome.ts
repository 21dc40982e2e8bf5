import type { Protection, Refusal, Shortage } from '../access/decision.ts';
import type { Verb } from '../commands/command.ts';

/** How a request can end. The README explains each outcome. `completed`: a batch, each of whose requests has its own outcome. */
export const outcomes = [
  'accepted',
  'rejected',
  'unknown',
  'not_sent',
  'refused',
  'cancelled',
  'expired',
  'superseded',
  'completed',
] as const;
export type Outcome = (typeof outcomes)[number];

export const states = [
  'submitted',
  'announced',
  'awaiting_approval',
  'scheduled',
  'approved',
  'dispatching',
  ...outcomes,
] as const;
export type State = (typeof states)[number];

/** What an announcement can show: a question, a command for later, a command that is being sent or waits for a retry, or the outcome. */
export const announcementStates = ['awaiting_approval', 'scheduled', 'approved', 'retrying', ...outcomes] as const;
export type AnnouncementState = (typeof announcementStates)[number];

export function isOutcome(state: State | AnnouncementState): state is Outcome {
  return (outcomes as readonly (State | AnnouncementState)[]).includes(state);
}

/** Why Campaign, its gateway or IMS did not execute a command. A closed set; the texts are in `src/locales`. */
export type CampaignReason =
  | 'workflow_not_found'
  | 'profile_invalid'
  | 'key_or_scope'
  | 'token_refused'
  | 'bad_request'
  | 'rate_limited'
  | 'other'
  | 'token_expired'
  | 'gateway_busy'
  | 'gateway_unavailable'
  | 'no_connection'
  | 'tls_failed'
  | 'host_not_found'
  | 'proxy_refused'
  | 'timeout'
  | 'connection_lost'
  | 'redirected'
  | 'entry_error'
  | 'campaign_error'
  | 'server_error'
  | 'answer_too_large'
  | 'unexpected_answer'
  | 'ims_unreachable'
  | 'ims_tls_failed'
  | 'ims_host_not_found'
  | 'ims_proxy_refused'
  | 'ims_unexpected_answer'
  | 'ims_refused'
  | 'ims_busy'
  | 'token_ended';

/** Why Slack refused a message. `unreachable` stands for every transient problem. */
export type SlackReason =
  | 'not_in_channel'
  | 'channel_not_found'
  | 'channel_archived'
  | 'posting_restricted'
  | 'token_revoked'
  | 'missing_scope'
  | 'message_refused'
  /** It may have been posted, and the channel's history cannot be read to check. */
  | 'unknowable'
  /** Slack's rate limit delayed the message for too long. */
  | 'rate_limited'
  | 'unreachable';

/** Why an attempt to post failed. `doubt`: the message may have been posted. `fault`: a fault in campaign-wf. */
export type PostProblem = SlackReason | 'doubt' | 'fault';

/** A state of a workflow as Campaign shows it. */
export type WorkflowReading = 'editing' | 'in_progress' | 'finished' | 'warning' | 'erroneous';

/** Why a request ended, in addition to its outcome. */
export type EndReason =
  | { readonly kind: 'taken' }
  | { readonly kind: 'campaign'; readonly reason: CampaignReason }
  | { readonly kind: 'slack'; readonly reason: SlackReason }
  /** `of`: the command that is refused, where that is not the one that was typed. */
  | { readonly kind: 'access'; readonly refusal: RecordedRefusal; readonly of?: Verb }
  /** The time for which it was asked is past, or sooner or later than a command can be asked for. */
  | { readonly kind: 'bad_time'; readonly problem: 'past' | 'too_soon' | 'too_far' }
  /** A time of day was typed, and Slack knows no zone of the requester. `isEnd`: it was to end a pause. */
  | { readonly kind: 'no_zone'; readonly isEnd: boolean }
  /** When the command was due, the workflow had another state than when it was asked for; `before` is null if none was shown. */
  | {
      readonly kind: 'changed_since';
      readonly before: WorkflowReading | null;
      readonly now: WorkflowReading;
    }
  | { readonly kind: 'busy'; readonly request: string }
  | { readonly kind: 'stopped_lately'; readonly request: string; readonly until: number }
  /** Campaign has no such workflow. `nearest` is an existing one that the requester may use. */
  | { readonly kind: 'no_such_workflow'; readonly nearest: KnownWorkflow | null }
  /** It needs other confirmations than the rest of its batch. */
  | { readonly kind: 'other_approval' }
  /** Of a batch: its requests say how each of them ended. */
  | { readonly kind: 'each' }
  | { readonly kind: 'too_late' }
  /** The pause could not be sent before it was to end. */
  | { readonly kind: 'pause_over' }
  | { readonly kind: 'crashed' }
  | { readonly kind: 'held_up' }
  /** The request was open when the process started, and the channel cannot be read. An earlier process may have sent it. */
  | { readonly kind: 'history_unreadable' }
  /** The channel shows that the request had progressed further than the ledger says. */
  | { readonly kind: 'ledger_behind' }
  /** The outcome was copied from the channel. */
  | { readonly kind: 'reconciled' }
  /** There is no freeze to lift. */
  | { readonly kind: 'not_frozen' }
  /** The freeze would end before the one in force. */
  | { readonly kind: 'frozen_longer'; readonly request: string; readonly until: number }
  /** The freeze would have ended before it was confirmed. */
  | { readonly kind: 'freeze_over' }
  /** The channel is told of the workflow already: by the rule file (null), or since a request. */
  | { readonly kind: 'watched_already'; readonly request: string | null }
  | { readonly kind: 'not_watched' }
  /** The watch is one of the rule file, and ends there. */
  | { readonly kind: 'watched_by_file' }
  | { readonly kind: 'too_many_watches'; readonly most: number }
  /** Its alert is muted already; `request`: null: by an earlier version, which recorded none. */
  | { readonly kind: 'muted_already'; readonly request: string | null; readonly until: number }
  /** Somebody leaves it paused already, and the channel is told so. `request`: as above. */
  | { readonly kind: 'left_already'; readonly request: string | null; readonly by: string }
  /** The watch does not see it as paused any more. */
  | { readonly kind: 'not_paused' }
  | { readonly kind: 'decided'; readonly by: string; readonly interaction: string }
  | { readonly kind: 'superseded'; readonly by: string }
  | { readonly kind: 'expired' };

/** A workflow and its environment. `alias` is the workflow's name there, if it has one. */
export type KnownWorkflow = {
  readonly workflowId: string;
  readonly alias: string | null;
  readonly environment: string;
};

/** A refusal as it is stored in the ledger: JSON, with sets as sorted lists. */
export type RecordedRefusal = {
  readonly reason: Refusal['reason'];
  readonly channels?: readonly string[];
  readonly permitted?: RecordedPeople;
  readonly count?: number;
  readonly failed?: string;
  /** The person who could not be looked up, if that is not the person who gets the reply. */
  readonly person?: string;
  /** Groups whose members are not known. */
  readonly groups?: readonly string[];
  readonly rule?: string;
  /** The required format of a reason. */
  readonly hint?: string;
  /** The reason of a freeze; null if it was erased since. */
  readonly because?: string | null;
  /** In an event, in place of a reason that is kept beside it (`texts.ts`). */
  readonly becauseHash?: string;
  readonly until?: number;
  /** From when it would be permitted. */
  readonly from?: number;
  /** When somebody is asked who may not decide before. */
  readonly at?: number;
  readonly request?: string | null;
  /** The person whose confirmation does not count any more. */
  readonly confirmer?: string;
  /** The people who can confirm, if they are too few. */
  readonly able?: readonly string[];
  readonly shortage?: Shortage;
  /** Why the workflow is protected. Events of earlier versions do not say it. */
  readonly protection?: Protection;
  /** User groups and people that do not exist in Slack. */
  readonly gone?: readonly string[];
};
export type RecordedPeople = { readonly users: readonly string[]; readonly groups: readonly string[] };
