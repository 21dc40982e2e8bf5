import type { Choice } from '../commands/command.ts';
import { approversOf } from './approvers.ts';
import { type Decision, type Person, type Refusal, refuse } from './decision.ts';
import { includes, isNobody, isReading, type People, type Policy, type Rule } from './policy.ts';
import { standingHere, type Who } from './standing.ts';

export type Press = Who & {
  readonly choice: Choice;
  readonly requester: string;
  /** Who could decide when it was announced: they can keep it running also when nobody may ask for it any more. */
  readonly announcedTo: People;
  /** The rule by which the requester may ask, as {@link decide} finds it now. */
  readonly asked: Decision;
};

/**
 * Whether this person may decide on that request. Approvers may do both; the requester, and whoever was asked when it
 * was announced, may always take it back. The requester confirms it only where the rule says so.
 */
export function decidePress(policy: Policy, press: Press): Decision {
  const known = standingHere(policy, press);
  if ('refusal' in known) return refuse(known.refusal);
  const { person } = known;
  const { choice, asked, requester } = press;
  if (choice === 'cancel' && person.id === requester) return permit('requester');
  if (choice === 'cancel' && includes(press.announcedTo, person)) return permit('announcement');
  if (!asked.permitted) return withoutRule(asked);
  // Where the rules ask for nobody any more, those that were asked may still answer.
  const permitted = asked.approval === null ? press.announcedTo : approversOf(asked.approval, requester);
  const isOwn = person.id === requester;
  if (includes(permitted, person) && !(isOwn && asked.approval?.requesterMayApprove === false)) return asked;
  if (isOwn) return refuse({ reason: 'own_request', permitted });
  return refuse({ reason: 'not_an_approver', permitted: choice === 'cancel' ? plus(permitted, requester) : permitted });
}

function plus({ users, groups }: People, user: string): People {
  return { users: users.union(new Set([user])), groups };
}

/** What others may ask for here that this person may confirm, and under which rule. */
export function confirmableBy({ rules }: Pick<Policy, 'rules'>, channel: string, person: Person): readonly Rule[] {
  return rules.filter(
    ({ channels, people, actions, approval }) =>
      channels.has(channel) &&
      !isNobody(people) &&
      ![...actions].every(isReading) &&
      approval !== null &&
      approval.from !== 'requester' &&
      includes(approval.from, person),
  );
}

/** The requester may not ask any more, or Slack did not say, so no rule tells who approves. */
function withoutRule(asked: Decision & { permitted: false }): Decision {
  return isAboutThePerson(asked.refusal.reason) ? refuse({ reason: 'requester_refused' }) : asked;
}

/** Said to somebody else than it is about, these would be false. */
function isAboutThePerson(reason: Refusal['reason']): boolean {
  return ['not_permitted', 'wrong_channel', 'guest', 'stranger', 'other_workspace', 'bot', 'deactivated'].includes(
    reason,
  );
}

function permit(rule: string): Decision {
  return { permitted: true, rule, approval: null };
}
