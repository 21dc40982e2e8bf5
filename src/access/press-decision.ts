import type { ApprovalChoice } from '../commands/command.ts';
import { approversOf } from './approvals.ts';
import { type Decision, type Person, type Refusal, refuse, refuseUnknown } from './decision.ts';
import { type Caller, checkMembership } from './membership.ts';
import { doubtsAbout, includes, isNobody, isReadAction, type People, type Policy, type Rule } from './policy.ts';

export type Press = Caller & {
  readonly choice: ApprovalChoice;
  readonly requester: string;
  /** Who could decide when it was announced. They can cancel even if nobody may request it any more. */
  readonly announcedTo: People;
  /** The current decision of {@link decide} on the requester's own permission. */
  readonly asked: Decision;
};

/**
 * Whether this person may decide on that request. Approvers may approve and cancel. The requester, and the approvers of
 * the announcement, may always cancel. The requester may approve only if the rule says so.
 */
export function decidePress(policy: Policy, press: Press): Decision {
  const known = checkMembership(policy, press);
  if ('refusal' in known) return refuse(known.refusal);
  return cancelled(press, known.person) ?? decidedByRule(press, known.person);
}

function cancelled({ choice, requester, announcedTo }: Press, person: Person): Decision | null {
  if (choice !== 'cancel') return null;
  if (person.id === requester) return permit('requester');
  return includes(announcedTo, person) ? permit('announcement') : null;
}

function decidedByRule({ choice, asked, requester, announcedTo }: Press, person: Person): Decision {
  const doubts = choice === 'cancel' ? doubtsAbout(announcedTo, person) : noGroups;
  if (!asked.permitted) return doubts.size > 0 ? refuseUnknown(doubts, person) : withoutRule(asked, requester);
  // If the rules no longer require an approval, the approvers of the announcement may still answer.
  const permitted = asked.approval === null ? announcedTo : approversOf(asked.approval, requester);
  const isOwn = person.id === requester;
  if (isOwn && asked.approval?.requesterMayApprove === false) return refuse({ reason: 'own_request', permitted });
  if (includes(permitted, person)) return asked;
  const unknown = doubtsAbout(permitted, person).union(doubts);
  if (unknown.size > 0) return refuseUnknown(unknown, person);
  if (isOwn) return refuse({ reason: 'own_request', permitted });
  return refuse({ reason: 'not_an_approver', permitted: choice === 'cancel' ? plus(permitted, requester) : permitted });
}

function plus({ users, groups }: People, user: string): People {
  return { users: users.union(new Set([user])), groups };
}

const noGroups: ReadonlySet<string> = new Set();

/** The rules under which this person may confirm requests of others here. */
export function confirmableBy({ rules }: Pick<Policy, 'rules'>, channel: string, person: Person): readonly Rule[] {
  return rules.filter(
    ({ channels, people, actions, approval }) =>
      channels.has(channel) &&
      !isNobody(people) &&
      ![...actions].every(isReadAction) &&
      approval !== null &&
      approval.from !== 'requester' &&
      includes(approval.from, person),
  );
}

/** The requester is no longer permitted, or could not be looked up, so no rule names the approvers. */
export function withoutRule(asked: Decision & { permitted: false }, requester: string): Decision {
  const { refusal } = asked;
  if (isAboutThePerson(refusal.reason)) return refuse({ reason: 'requester_refused' });
  const isUnknown = refusal.reason === 'lookup_failed' && refusal.failed === 'person';
  return isUnknown ? refuse({ ...refusal, person: requester }) : asked;
}

/** Reasons that would be wrong if shown to anybody but the person they are about. */
function isAboutThePerson(reason: Refusal['reason']): boolean {
  return ['not_permitted', 'wrong_channel', 'guest', 'stranger', 'other_workspace', 'bot', 'deactivated'].includes(
    reason,
  );
}

function permit(rule: string): Decision {
  return { permitted: true, rule, approval: null };
}
