import type { ActiveFreeze } from './freeze-windows.ts';
import type { Approval, EmergencyTerms, People } from './policy.ts';

/** The status of somebody's account in Slack, at most 60 s old. */
export type Membership = 'member' | 'guest' | 'stranger' | 'other_workspace' | 'bot' | 'deactivated';

export type Person = {
  readonly id: string;
  readonly membership: Membership;
  readonly groups: ReadonlySet<string>;
  /** The user groups whose members could not be looked up. */
  readonly unknownGroups: ReadonlyMap<string, RetryAfterMs>;
};

/** How long until another look-up may succeed; null: waiting does not help. */
export type RetryAfterMs = number | null;

/** The status of the channel in Slack, at most 60 s old. */
export type Place = { readonly shared: boolean; readonly archived: boolean; readonly botIsMember: boolean };

/** What could not be looked up. */
export type LookupFailure = 'person' | 'channel';

export type LookUp<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failed: LookupFailure; readonly retryAfterMs: RetryAfterMs };

/** Why something is refused, and what would help. A closed set: each has a text in `src/locales`. */
export type Refusal =
  /** The person may do this, in these channels. */
  | { readonly reason: 'wrong_channel'; readonly channels: readonly string[] }
  /** The rules name the channel by the first of these IDs, and Slack gave it the second one. */
  | { readonly reason: 'channel_moved'; readonly channels: readonly string[] }
  /** These people may, in these channels; nobody if there are none. */
  | { readonly reason: 'not_permitted'; readonly permitted: People; readonly channels: readonly string[] }
  | { readonly reason: 'reason_required'; readonly rule: string }
  /** The reason does not match the rule's format. */
  | { readonly reason: 'reason_mismatch'; readonly rule: string; readonly hint: string }
  /** The rule does not permit to start or resume several workflows at once. */
  | { readonly reason: 'one_at_a_time'; readonly rule: string }
  | ({ readonly reason: 'frozen' } & ActiveFreeze)
  | { readonly reason: 'not_an_approver'; readonly permitted: People }
  /** The person is asked by escalation at that time (milliseconds since the epoch), and may decide only then. */
  | { readonly reason: 'not_asked_yet'; readonly at: number }
  /** The requester may not confirm it. */
  | { readonly reason: 'own_request'; readonly permitted: People }
  /** Without the requester, the rule names fewer approvers than it requires. */
  | { readonly reason: 'too_few_approvers'; readonly rule: string; readonly count: number }
  /** According to Slack, fewer people can confirm than the rule requires. */
  | {
      readonly reason: 'too_few_can_approve';
      readonly rule: string;
      readonly count: number;
      readonly permitted: People;
      readonly able: readonly string[];
      readonly shortage: Shortage;
      /** The groups and people that do not exist in Slack. */
      readonly gone: readonly string[];
    }
  /** The rule knows no emergency for this command. */
  | { readonly reason: 'no_emergency'; readonly rule: string }
  /** Only these people may declare an emergency. */
  | { readonly reason: 'not_in_emergency'; readonly permitted: People }
  /** An emergency can be declared from then on, in milliseconds since the epoch. */
  | { readonly reason: 'too_early_for_emergency'; readonly from: number }
  | { readonly reason: 'emergency_needs_reason' }
  /** Only these people may review the emergency. */
  | { readonly reason: 'not_a_reviewer'; readonly permitted: People }
  /** Whoever declared an emergency does not review it. */
  | { readonly reason: 'own_emergency'; readonly permitted: People }
  | { readonly reason: 'review_needs_comment' }
  | { readonly reason: 'approval_needed'; readonly permitted: People; readonly count: number }
  /** The requester is no longer permitted to request it; shown to the person who decides on it. */
  | { readonly reason: 'requester_refused' }
  /** The configuration no longer has an environment with this organization. */
  | { readonly reason: 'environment_gone' }
  | { readonly reason: 'protected_workflow'; readonly protection: Protection }
  | { readonly reason: 'shared_channel' }
  | { readonly reason: 'archived_channel' }
  | { readonly reason: 'bot_not_in_channel' }
  | { readonly reason: Exclude<Membership, 'member'> }
  /** `person`: the one who could not be looked up, if that is not the reader. */
  | ({ readonly reason: 'lookup_failed'; readonly failed: LookupFailure; readonly person?: string } & Retry)
  /** The decision depends on whether the person is in one of these user groups. */
  | ({ readonly reason: 'lookup_failed'; readonly failed: 'group'; readonly groups: readonly string[] } & Retry);

/**
 * Why a rule has too few able approvers: it names nobody, only the requester, only unable accounts, or both of these; or
 * enough others, but they are not in the private channel.
 */
export type Shortage = 'empty' | 'requester' | 'accounts' | 'requester_and_accounts' | 'not_in_channel';

/** What protects a workflow: it is one of Adobe's technical ones, or the configuration names it. */
export type Protection = 'technical' | 'configured';

type Retry = { readonly retryAfterMs: RetryAfterMs };

export type Decision =
  | {
      readonly permitted: true;
      readonly rule: string;
      readonly approval: Approval | null;
      /** Absent: it is never sent without its confirmations. */
      readonly emergency?: EmergencyTerms;
    }
  | { readonly permitted: false; readonly refusal: Refusal };

/** Refuses because of unknown groups. `retryAfterMs` is null only if no look-up can still succeed. */
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
