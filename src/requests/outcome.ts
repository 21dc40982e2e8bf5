import type { Refusal, Shortage } from '../access/decision.ts';

/** How a request can end; the README says what each means for people. */
export const outcomes = [
  'accepted',
  'rejected',
  'unknown',
  'not_sent',
  'refused',
  'cancelled',
  'expired',
  'superseded',
] as const;
export type Outcome = (typeof outcomes)[number];

export type State = 'submitted' | 'announced' | 'awaiting_approval' | 'approved' | 'dispatching' | Outcome;

/** What an announcement can show: a question, that the command is on its way or waits to be sent again, or the end. */
export const announcementStates = ['awaiting_approval', 'approved', 'retrying', ...outcomes] as const;
export type AnnouncementState = (typeof announcementStates)[number];

export function isOutcome(state: State | AnnouncementState): state is Outcome {
  return (outcomes as readonly (State | AnnouncementState)[]).includes(state);
}

/** Why Campaign, its gateway or IMS left a request where it is. A closed set, worded in `src/locales`. */
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

/** Why Slack did not take a message. `unreachable` stands for every trouble that may pass. */
export type SlackReason =
  | 'not_in_channel'
  | 'channel_not_found'
  | 'channel_archived'
  | 'posting_restricted'
  | 'token_revoked'
  | 'missing_scope'
  | 'message_refused'
  /** It may have been posted, and the channel's history cannot be read to find out. */
  | 'unknowable'
  /** Slack's rate limit held back what was to be posted, for too long. */
  | 'rate_limited'
  | 'unreachable';

/** What kept an attempt from posting. `doubt`: it may have been posted all the same; `fault`: campaign-wf's own. */
export type PostProblem = SlackReason | 'doubt' | 'fault';

/** Why a request ended, beyond the outcome itself. */
export type EndReason =
  | { readonly kind: 'taken' }
  | { readonly kind: 'campaign'; readonly reason: CampaignReason }
  | { readonly kind: 'slack'; readonly reason: SlackReason }
  | { readonly kind: 'access'; readonly refusal: RecordedRefusal }
  | { readonly kind: 'busy'; readonly request: string }
  | { readonly kind: 'stopped_lately'; readonly request: string; readonly until: number }
  /** Campaign has no such workflow. `nearest` exists, and the requester may ask for it. */
  | { readonly kind: 'no_such_workflow'; readonly nearest: KnownWorkflow | null }
  | { readonly kind: 'too_late' }
  | { readonly kind: 'crashed' }
  | { readonly kind: 'held_up' }
  /** Open when the process started, and the channel cannot be read: an earlier process may have sent it. */
  | { readonly kind: 'history_unreadable' }
  /** The channel shows that the request went further than the ledger knows. */
  | { readonly kind: 'ledger_behind' }
  /** Taken over from the channel. */
  | { readonly kind: 'reconciled' }
  /** There is no freeze to lift. */
  | { readonly kind: 'not_frozen' }
  /** A freeze that would end before the one in force does. */
  | { readonly kind: 'frozen_longer'; readonly request: string; readonly until: number }
  /** A freeze that waited for its confirmation until it would have ended. */
  | { readonly kind: 'freeze_over' }
  | { readonly kind: 'decided'; readonly by: string; readonly interaction: string }
  | { readonly kind: 'superseded'; readonly by: string }
  | { readonly kind: 'expired' };

/** A workflow and where it is; `alias` is the name that people know there, if there is one. */
export type KnownWorkflow = {
  readonly workflowId: string;
  readonly alias: string | null;
  readonly environment: string;
};

/** A refusal as the ledger keeps it: JSON, sets as sorted lists. */
export type RecordedRefusal = {
  readonly reason: Refusal['reason'];
  readonly channels?: readonly string[];
  readonly permitted?: RecordedPeople;
  readonly count?: number;
  readonly failed?: string;
  /** Who could not be looked up, where that is not whom it is said to. */
  readonly person?: string;
  /** Of which it is not known who is in them. */
  readonly groups?: readonly string[];
  readonly rule?: string;
  /** How a reason has to be. */
  readonly hint?: string;
  readonly because?: string;
  readonly until?: number;
  readonly request?: string | null;
  /** Whose confirmation it is that does not count any more. */
  readonly confirmer?: string;
  /** Who can confirm, where that is too few. */
  readonly able?: readonly string[];
  readonly shortage?: Shortage;
  /** User groups and people whom Slack does not have. */
  readonly gone?: readonly string[];
};
export type RecordedPeople = { readonly users: readonly string[]; readonly groups: readonly string[] };
