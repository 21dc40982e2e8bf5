import type { ApprovalChoice } from '../commands/command.ts';
import { approversOf } from './approvals.ts';
import { type Decision, type Person, type Refusal, refuse, refuseUnknown } from './decision.ts';
import { askedAt, escalatedTo, laterApprovers, stagesOf } from './escalation.ts';
import { type Caller, checkMembership } from './membership.ts';
import {
  type Approval,
  doubtsAbout,
  includes,
  isNobody,
  isReadAction,
  type People,
  type Policy,
  plus,
  type Rule,
  united,
} from './policy.ts';

export type Press = Caller & {
  readonly choice: ApprovalChoice;
  readonly requester: string;
  /** Who could decide when it was announced. They can cancel even if nobody may request it any more. */
  readonly announcedTo: People;
  /** The escalation of the question at the time of the press. Absent: none. */
  readonly escalation?: EscalationSoFar;
  /** The current decision of {@link decide} on the requester's own permission. */
  readonly asked: Decision;
};

/** How far a question was escalated. */
export type EscalationSoFar = {
  /** Since when the stages count, in milliseconds since the epoch. */
  readonly since: number;
  /** Whom each stage has asked. */
  readonly asked: readonly People[];
};

/**
 * Whether this person may decide on that request. Approvers may approve and cancel. The requester, and everybody who was
 * asked, may always cancel. The requester may approve only if the rule says so. Whoever is asked by escalation may approve
 * what they press after that.
 */
export function decidePress(policy: Policy, press: Press): Decision {
  const known = checkMembership(policy, press);
  if ('refusal' in known) return refuse(known.refusal);
  return cancelled(press, known.person) ?? decidedByRule(press, known.person);
}

function cancelled(press: Press, person: Person): Decision | null {
  if (press.choice !== 'cancel') return null;
  if (person.id === press.requester) return permit('requester');
  return includes(allAsked(press), person) ? permit('announcement') : null;
}

function allAsked({ announcedTo, escalation }: Press): People {
  return united([announcedTo, ...(escalation?.asked ?? [])]);
}

function decidedByRule(press: Press, person: Person): Decision {
  const { choice, asked, requester } = press;
  const doubts = choice === 'cancel' ? doubtsAbout(allAsked(press), person) : noGroups;
  if (!asked.permitted) return doubts.size > 0 ? refuseUnknown(doubts, person) : withoutRule(asked, requester);
  const { approval } = asked;
  const permitted = approversNow(approval, press);
  const isOwn = person.id === requester;
  if (isOwn && approval?.requesterMayApprove === false) return refuse({ reason: 'own_request', permitted });
  if (includes(permitted, person)) return asked;
  const unknown = doubtsAbout(permitted, person).union(doubts);
  if (unknown.size > 0) return refuseUnknown(unknown, person);
  const at = approval && askedLater(approval, press, person);
  if (at !== null) return refuse({ reason: 'not_asked_yet', at });
  if (isOwn) return refuse({ reason: 'own_request', permitted });
  return refuse({ reason: 'not_an_approver', permitted: choice === 'cancel' ? plus(permitted, requester) : permitted });
}

/** If the rules no longer require an approval, the approvers of the announcement may still answer. */
function approversNow(approval: Approval | null, { announcedTo, requester, escalation }: Press): People {
  if (approval === null) return announcedTo;
  return united([approversOf(approval, requester), escalatedTo(approval, escalation?.asked ?? [])]);
}

/** When a stage that has not asked anybody yet will ask the person, if nothing happens before; null: none will. */
function askedLater(approval: Approval, { escalation }: Press, person: Person): number | null {
  if (escalation === undefined) return null;
  const { since, asked } = escalation;
  const later = stagesOf(approval).slice(asked.length);
  const stage = later.find((one) => includes(askedAt(one, since + one.afterMs), person));
  return stage === undefined ? null : since + stage.afterMs;
}

/** By which stage of the escalation somebody may confirm, from 1; null: without any. */
export function stageThatPermits(press: Press): number | null {
  const { asked, person, requester, escalation } = press;
  if (!person.ok || !asked.permitted || asked.approval === null) return null;
  const { approval } = asked;
  if (includes(approversOf(approval, requester), person.value)) return null;
  const index = (escalation?.asked ?? []).findIndex((one) => includes(escalatedTo(approval, [one]), person.value));
  return index < 0 ? null : index + 1;
}

const noGroups: ReadonlySet<string> = new Set();

/** The rules under which this person may confirm requests of others here: at once, or once escalation asks them. */
export function confirmableBy(
  { rules }: Pick<Policy, 'rules'>,
  channel: string,
  person: Person,
): { readonly atOnce: readonly Rule[]; readonly later: readonly Rule[] } {
  const here = rules.filter(
    ({ channels, people, actions }) => channels.has(channel) && !isNobody(people) && ![...actions].every(isReadAction),
  );
  const atOnce = here.filter(
    ({ approval }) => approval !== null && approval.from !== 'requester' && includes(approval.from, person),
  );
  const later = here.filter(({ approval }) => approval !== null && includes(laterApprovers(approval), person));
  return { atOnce, later: later.filter((rule) => !atOnce.includes(rule)) };
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
