import type { Approval, People, Rule } from './policy.ts';

/** Who may confirm what somebody asks for: whom the rule names, the requester only where it says so; or the requester alone. */
export function approversOf({ from, requesterMayApprove }: Approval, requester: string): People {
  const own = new Set([requester]);
  if (from === 'requester') return { users: own, groups: new Set() };
  return requesterMayApprove ? from : { ...from, users: from.users.difference(own) };
}

/** Whether there can be as many as the rule asks for. Who is in a user group is not known here. */
export function canBeApproved(approval: Approval, requester: string): boolean {
  const { users, groups } = approversOf(approval, requester);
  return groups.size > 0 || users.size >= approval.count;
}

/** The users of a rule who may ask under it, and too few are left to confirm it. */
export function neverApproved({ people, approval }: Rule): readonly string[] {
  return approval === null ? [] : [...people.users].filter((user) => !canBeApproved(approval, user));
}
