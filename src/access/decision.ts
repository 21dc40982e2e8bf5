import type { ActiveFreeze } from './freeze-windows.ts';
import type { Approval, People } from './policy.ts';

/** What Slack says of somebody's account, at most 60 s ago. */
export type Membership = 'member' | 'guest' | 'stranger' | 'other_workspace' | 'bot' | 'deactivated';

export type Person = {
  readonly id: string;
  readonly membership: Membership;
  readonly groups: ReadonlySet<string>;
  /** The user groups of which Slack did not say who is in them. */
  readonly unknownGroups: ReadonlyMap<string, RetryAfterMs>;
};

/** How long until another look-up may succeed; null: no waiting helps. */
export type RetryAfterMs = number | null;

/** What Slack says of the channel, at most 60 s ago. */
export type Place = { readonly shared: boolean; readonly archived: boolean; readonly botIsMember: boolean };

/** What could not be looked up. */
export type LookupFailure = 'person' | 'channel';

export type LookUp<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failed: LookupFailure; readonly retryAfterMs: RetryAfterMs };

/** Why something is refused, with what would help. A closed set: each has its words in `src/locales`. */
export type Refusal =
  /** The person may do this, in these channels. */
  | { readonly reason: 'wrong_channel'; readonly channels: readonly string[] }
  /** The rules name the channel by the first of these IDs, and Slack gave it the second one. */
  | { readonly reason: 'channel_moved'; readonly channels: readonly string[] }
  /** These people may, in these channels; nobody may where there are none. */
  | { readonly reason: 'not_permitted'; readonly permitted: People; readonly channels: readonly string[] }
  | { readonly reason: 'reason_required'; readonly rule: string }
  /** It does not hold what the rule asks for. */
  | { readonly reason: 'reason_mismatch'; readonly rule: string; readonly hint: string }
  | ({ readonly reason: 'frozen' } & ActiveFreeze)
  | { readonly reason: 'not_an_approver'; readonly permitted: People }
  /** Whoever asked may not confirm it. */
  | { readonly reason: 'own_request'; readonly permitted: People }
  /** Without whoever asks, the rule names fewer than have to confirm. */
  | { readonly reason: 'too_few_approvers'; readonly rule: string; readonly count: number }
  /** Slack says that fewer can confirm than have to. */
  | {
      readonly reason: 'too_few_can_approve';
      readonly rule: string;
      readonly count: number;
      readonly permitted: People;
      readonly able: readonly string[];
      readonly shortage: Shortage;
      /** The groups and people whom Slack does not have. */
      readonly gone: readonly string[];
    }
  | { readonly reason: 'approval_needed'; readonly permitted: People; readonly count: number }
  /** Who asked for it may not do so any more; said to whoever decides on it. */
  | { readonly reason: 'requester_refused' }
  /** No environment of the configuration has this organization any more. */
  | { readonly reason: 'environment_gone' }
  | { readonly reason: 'protected_workflow' }
  | { readonly reason: 'shared_channel' }
  | { readonly reason: 'archived_channel' }
  | { readonly reason: 'bot_not_in_channel' }
  | { readonly reason: Exclude<Membership, 'member'> }
  /** `person`: who it is about, where that is not whom it is said to. */
  | ({ readonly reason: 'lookup_failed'; readonly failed: LookupFailure; readonly person?: string } & Retry)
  /** Whether the person is in one of these user groups makes the difference. */
  | ({ readonly reason: 'lookup_failed'; readonly failed: 'group'; readonly groups: readonly string[] } & Retry);

/** Who of the people that a rule asks cannot confirm: there are none, only who asks, or also or only accounts that may not. */
export type Shortage = 'empty' | 'requester' | 'accounts' | 'requester_and_accounts';

type Retry = { readonly retryAfterMs: RetryAfterMs };

export type Decision =
  | { readonly permitted: true; readonly rule: string; readonly approval: Approval | null }
  | { readonly permitted: false; readonly refusal: Refusal };

/** Where one of the look-ups may still succeed, that one can make the difference. */
export function refuseUnknown(
  groups: ReadonlySet<string>,
  { unknownGroups }: Pick<Person, 'unknownGroups'>,
): Decision & { permitted: false } {
  const retries = [...groups].map((group) => unknownGroups.get(group) ?? null).filter((ms) => ms !== null);
  const retryAfterMs = retries.length === 0 ? null : Math.max(...retries);
  return refuse({ reason: 'lookup_failed', failed: 'group', groups: [...groups], retryAfterMs });
}

export function refuse(refusal: Refusal): Decision & { permitted: false } {
  return { permitted: false, refusal };
}
