import type { CampaignResponse } from './events.ts';
import type { CampaignReason, SlackReason } from './outcome.ts';

/** The result of one attempt to send a command. */
export type DispatchResult =
  | { readonly kind: 'accepted'; readonly answer: CampaignResponse }
  /** Campaign or its gateway refused the command: it was not executed. */
  | { readonly kind: 'rejected'; readonly reason: CampaignReason; readonly answer: CampaignResponse }
  /** It is certain that Campaign did not receive the command. */
  | {
      readonly kind: 'not_reached';
      readonly reason: CampaignReason;
      readonly retryAfterMs: number | null;
      readonly answer: CampaignResponse;
    }
  /** Campaign may have received the command. */
  | { readonly kind: 'unknown'; readonly reason: CampaignReason; readonly answer: CampaignResponse }
  /** Nothing was sent: the time limit passed before the command was ready. */
  | { readonly kind: 'held_up' };

/** The result of one attempt to post or edit a message. */
export type PostResult =
  /** `unthreaded`: Slack posted the reply in the channel itself because the announcement was deleted. */
  | { readonly kind: 'posted'; readonly ts: string; readonly unthreaded?: true }
  /** Not posted. Slack asks to wait this long. */
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number }
  /** Not posted. `isTransient` in `retry-policy.ts` says whether a retry can help. */
  | { readonly kind: 'refused'; readonly reason: SlackReason }
  /** It may have been posted. */
  | { readonly kind: 'doubt' };

/** The result of a search for one of the bot's messages. `unknowable`: the channel's history cannot be read. */
export type MessageSearch =
  | { readonly kind: 'found'; readonly ts: string; readonly unthreaded?: true }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknowable' }
  | { readonly kind: 'unreachable' };

/** Why a history could not be read. `unknowable`: no retry helps. `retryAfterMs` is 0 if Slack gave no time. */
export type HistoryUnavailable =
  | { readonly kind: 'unknowable' }
  | { readonly kind: 'unreachable'; readonly retryAfterMs: number };

/** A step cannot continue before this time (milliseconds since the epoch). `isUncounted`: it does not count as an attempt. */
export type Postponement = { readonly notBefore: number; readonly isUncounted?: boolean };
