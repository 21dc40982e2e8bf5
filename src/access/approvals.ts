import type { Membership, Refusal, Shortage } from './decision.ts';
import { laterApprovers } from './escalation.ts';
import { membershipRefusal } from './membership.ts';
import { type Approval, isReadAction, type People, type Policy, type Rule, united } from './policy.ts';

/** Who may confirm a request from the beginning: the people of the rule, the requester among them only if the rule permits it; or the requester alone. */
export function approversOf({ from, requesterMayApprove }: Approval, requester: string): People {
  if (from === 'requester') return { users: new Set([requester]), groups: new Set() };
  return requesterMayApprove ? from : without(from, requester);
}

/** Everybody who may come to confirm it: from the beginning, or later. */
function allApproversOf(approval: Approval, requester: string): People {
  const later = laterApprovers(approval);
  return united([approversOf(approval, requester), approval.requesterMayApprove ? later : without(later, requester)]);
}

function without({ users, groups }: People, person: string): People {
  return { users: users.difference(new Set([person])), groups };
}

/** Whether the rule can have enough approvers. A user group counts as enough: its members are not known here. */
export function canBeApproved(approval: Approval, requester: string): boolean {
  const { users, groups } = allApproversOf(approval, requester);
  return groups.size > 0 || users.size >= approval.count;
}

/** The users of a rule whose requests could never get enough approvals. */
export function neverApproved({ people, actions, approval, emergency }: Rule): readonly string[] {
  const isDeclarable = [...actions].every((action) => isReadAction(action) || emergency?.actions.has(action));
  if (approval === null || isDeclarable) return [];
  return [...people.users].filter((user) => !canBeApproved(approval, user));
}

/** Whether somebody is among the approvers, and may not confirm requests of their own. */
export function mayOnlyConfirmOthers(
  { from, requesterMayApprove }: Approval,
  requester: string,
  isIn: (group: string) => boolean,
): boolean {
  if (from === 'requester' || requesterMayApprove) return false;
  return from.users.has(requester) || [...from.groups].some(isIn);
}

/** What Slack says about the people of an approval. A missing entry is unknown. */
export type Roster = {
  /** By user group. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  /** The user groups that Slack does not have, or that are disabled. */
  readonly gone: ReadonlySet<string>;
  /** The user groups whose members Slack will not return. Nobody can confirm as one of them: no press could be judged. */
  readonly unreadable: ReadonlySet<string>;
  /** `absent`: Slack has nobody by that ID. */
  readonly memberships: ReadonlyMap<string, Membership | 'absent'>;
  /** The members of the request's channel, where only they see it; null: others do, too, or it is unknown. */
  readonly inChannel: ReadonlySet<string> | null;
};

/** Who can confirm a request. People count as able unless they are known not to be. */
export type PossibleApprovers = {
  readonly able: ReadonlySet<string>;
  /** False if there may be others: the members of a group are unknown. */
  readonly isComplete: boolean;
  /** These groups. */
  readonly unlisted: ReadonlySet<string>;
  /** The people who can confirm, and the groups in which somebody can. */
  readonly asked: People;
  /** Members of those groups who see the question, and cannot confirm. */
  readonly except: ReadonlySet<string>;
  /** Members of those groups who are not in the private channel. */
  readonly outside: ReadonlySet<string>;
  /** Everybody who is named and could confirm, and is not in the private channel. */
  readonly outsiders: ReadonlySet<string>;
  readonly shortage: Shortage;
  /** The groups and people that do not exist in Slack. */
  readonly gone: ReadonlySet<string>;
  /** The groups whose members Slack will not return. */
  readonly unreadable: ReadonlySet<string>;
};

/** A group of which some are not in the channel is asked by name, where at most this many can confirm. */
const mostNamed = 8;

/** Who can confirm the requester's request, according to the roster. */
export function possibleApproversOf(
  approval: Approval,
  requester: string,
  roster: Roster,
  guests: Policy['guests'],
): PossibleApprovers {
  const { users, groups } = approversOf(approval, requester);
  const isOwnCounted = approval.from === 'requester' || approval.requesterMayApprove;
  const couldPress = (id: string) => (isOwnCounted || id !== requester) && canPress(id, roster, guests);
  // Whoever asked there is in the channel, however old the list of its members is.
  const isOutside = (id: string) => id !== requester && !(roster.inChannel?.has(id) ?? true);
  const isAble = (id: string) => couldPress(id) && !isOutside(id);
  const ableGroups = filtered(groups, (group) => !isUseless(group, isAble, roster));
  const byName = filtered(ableGroups, (group) => isAskedByName(membersOf(new Set([group]), roster), isAble, isOutside));
  const askedGroups = ableGroups.difference(byName);
  const named = users.union(membersOf(groups, roster));
  const able = filtered(named, isAble);
  const members = membersOf(askedGroups, roster);
  const unlisted = filtered(groups, (group) => !isKnown(group, roster));
  return {
    able,
    isComplete: unlisted.size === 0,
    unlisted,
    asked: { users: filtered(users.union(membersOf(byName, roster)), isAble), groups: askedGroups },
    except: filtered(members, (id) => !isAble(id) && !isOutside(id) && isActive(id, roster)),
    outside: filtered(members, isOutside),
    outsiders: filtered(named, (id) => isOutside(id) && couldPress(id)),
    shortage:
      filtered(named, couldPress).size >= approval.count && able.size < approval.count
        ? 'not_in_channel'
        : shortageOf(named, able, requester),
    unreadable: groups.intersection(roster.unreadable),
    gone: groups.intersection(roster.gone).union(filtered(users, (id) => roster.memberships.get(id) === 'absent')),
  };
}

/** The refusal if too few people can confirm; null if enough can, or if it is unknown. */
export function tooFewPossible(
  rule: string,
  approval: Approval,
  requester: string,
  { able, isComplete, shortage, gone, unreadable }: PossibleApprovers,
): Refusal | null {
  const { count } = approval;
  if (!isComplete || able.size >= count) return null;
  if (unreadable.size > 0)
    return { reason: 'lookup_failed', failed: 'group', groups: [...unreadable], retryAfterMs: null };
  const permitted = approversOf(approval, requester);
  return { reason: 'too_few_can_approve', rule, count, permitted, able: [...able], shortage, gone: [...gone] };
}

function membersOf(groups: ReadonlySet<string>, { members }: Roster): ReadonlySet<string> {
  return new Set([...groups].flatMap((group) => [...(members.get(group) ?? [])]));
}

function isKnown(group: string, { members, gone, unreadable }: Roster): boolean {
  return members.has(group) || gone.has(group) || unreadable.has(group);
}

/** The mention of a group suggests that all of it can decide. */
function isAskedByName(
  members: ReadonlySet<string>,
  isAble: (id: string) => boolean,
  isOutside: (id: string) => boolean,
): boolean {
  return [...members].some(isOutside) && filtered(members, isAble).size <= mostNamed;
}

/** Whether certainly nobody in the group can confirm. */
function isUseless(group: string, isAble: (id: string) => boolean, roster: Roster): boolean {
  return isKnown(group, roster) && ![...membersOf(new Set([group]), roster)].some(isAble);
}

function canPress(id: string, { memberships }: Roster, guests: Policy['guests']): boolean {
  const membership = memberships.get(id);
  return membership === undefined || (membership !== 'absent' && membershipRefusal(id, membership, guests) === null);
}

/** Inactive accounts are not listed as unable to confirm. */
function isActive(id: string, { memberships }: Roster): boolean {
  const membership = memberships.get(id);
  return membership !== 'deactivated' && membership !== 'bot' && membership !== 'absent';
}

function shortageOf(named: ReadonlySet<string>, able: ReadonlySet<string>, requester: string): Shortage {
  if (named.size === 0) return 'empty';
  if (!named.has(requester) || able.has(requester)) return 'accounts';
  return named.size === 1 ? 'requester' : 'requester_and_accounts';
}

function filtered(ids: ReadonlySet<string>, keep: (id: string) => boolean): ReadonlySet<string> {
  return new Set([...ids].filter(keep));
}
