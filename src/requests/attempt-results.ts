import type { CampaignResponse } from './events.ts';
import type { CampaignReason, SlackReason } from './outcome.ts';

/** The result of one attempt to send a command. */
export type DispatchResult =
  | { readonly kind: 'accepted'; readonly answer: CampaignResponse }
  /** Campaign or its gateway refused it: it was not executed. */
  | { readonly kind: 'rejected'; readonly reason: CampaignReason; readonly answer: CampaignResponse }
  /** Proof that Campaign did not receive it. */
  | {
      readonly kind: 'not_reached';
      readonly reason: CampaignReason;
      readonly retryAfterMs: number | null;
      readonly answer: CampaignResponse;
    }
  /** It may have arrived. */
  | { readonly kind: 'unknown'; readonly reason: CampaignReason; readonly answer: CampaignResponse }
  /** Nothing was sent: when all was ready, it was too late to send. */
  | { readonly kind: 'held_up' };

/** The result of one attempt to post or edit a message. */
export type PostResult =
  /** `unthreaded`: posted as a reply, but Slack put it into the channel because the announcement was deleted. */
  | { readonly kind: 'posted'; readonly ts: string; readonly unthreaded?: true }
  /** Not posted. Slack asks to wait this long. */
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number }
  /** Not posted. `isTransient` in `retry-policy.ts` says whether another try may help. */
  | { readonly kind: 'refused'; readonly reason: SlackReason }
  /** It may have been posted. */
  | { readonly kind: 'doubt' };

/** The result of a search for one of our own messages. `unknowable`: the channel's history cannot be read. */
export type MessageSearch =
  | { readonly kind: 'found'; readonly ts: string; readonly unthreaded?: true }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknowable' }
  | { readonly kind: 'unreachable' };

/** Why a history could not be read. `unknowable`: no retry helps. `retryAfterMs` is 0 where Slack named no time. */
export type HistoryUnavailable =
  | { readonly kind: 'unknowable' }
  | { readonly kind: 'unreachable'; readonly retryAfterMs: number };

/**
 * A step cannot continue before this time (milliseconds since the epoch). Undefined instead of it: the step made
 * progress. `isUncounted`: it does not count as an attempt.
 */
export type Postponement = { readonly notBefore: number; readonly isUncounted?: boolean };
