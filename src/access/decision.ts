import type { ApprovalRule, People } from './policy.ts';

/** What Slack says of somebody's account, at most 60 s ago. */
export type Standing = 'member' | 'guest' | 'stranger' | 'bot' | 'deactivated';

export type Person = { readonly id: string; readonly standing: Standing; readonly groups: ReadonlySet<string> };

/** What Slack says of the channel, at most 60 s ago. */
export type Place = { readonly shared: boolean; readonly archived: boolean; readonly botIsMember: boolean };

/** What could not be looked up. `channel_hidden`: Slack does not show the bot this channel. */
export type LookupFailure = 'person' | 'channel' | 'group';

export type Looked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failed: LookupFailure };

/** Why something is refused, with what would help. A closed set: each has its words in `src/locales`. */
export type Refusal =
  | { readonly reason: 'wrong_channel'; readonly channels: readonly string[] }
  | { readonly reason: 'not_permitted'; readonly permitted: People }
  | { readonly reason: 'not_an_approver'; readonly permitted: People }
  | { readonly reason: 'approval_needed'; readonly permitted: People }
  /** Who asked for it may not do so any more; said to whoever decides on it. */
  | { readonly reason: 'requester_refused' }
  | { readonly reason: 'protected_workflow' }
  | { readonly reason: 'shared_channel' }
  | { readonly reason: 'archived_channel' }
  | { readonly reason: 'bot_not_in_channel' }
  | { readonly reason: Exclude<Standing, 'member'> }
  | { readonly reason: 'lookup_failed'; readonly failed: LookupFailure };

export type Decision =
  | { readonly permitted: true; readonly rule: string; readonly approval: ApprovalRule | null }
  | { readonly permitted: false; readonly refusal: Refusal };

export function refuse(refusal: Refusal): Decision {
  return { permitted: false, refusal };
}
