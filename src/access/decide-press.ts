import type { Choice } from '../commands/command.ts';
import { type Decision, type Person, type Refusal, refuse, refuseUnknown } from './decision.ts';
import {
  type Approval,
  doubtsAbout,
  includes,
  isNobody,
  isReading,
  type People,
  type Policy,
  type Rule,
} from './policy.ts';
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
  const doubts = choice === 'cancel' ? doubtsAbout(press.announcedTo, person) : noGroups;
  if (!asked.permitted) return doubts.size > 0 ? refuseUnknown(doubts) : withoutRule(asked);
  // Where the rules ask for nobody any more, those that were asked may still answer.
  const permitted = asked.approval === null ? press.announcedTo : approversOf(asked.approval, requester);
  if (!includes(permitted, person)) return notAmong(permitted, person, doubts);
  const isOwn = person.id === requester && asked.approval?.requesterMayApprove === false;
  return isOwn ? refuse({ reason: 'own_request', permitted: without(person, permitted) }) : asked;
}

const noGroups: ReadonlySet<string> = new Set();

function notAmong(permitted: People, person: Person, others: ReadonlySet<string>): Decision {
  const doubts = doubtsAbout(permitted, person).union(others);
  return doubts.size > 0 ? refuseUnknown(doubts) : refuse({ reason: 'not_an_approver', permitted });
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

/** Who may confirm: the people that the rule names, or the requester where it names nobody. */
export function approversOf({ from }: Approval, requester: string): People {
  return from === 'requester' ? { users: new Set([requester]), groups: new Set() } : from;
}

function without({ id }: Person, { users, groups }: People): People {
  return { users: users.difference(new Set([id])), groups };
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
