import type { Choice } from '../commands/command.ts';
import { standingHere } from './decide.ts';
import { type Decision, type Looked, type Person, type Place, type Refusal, refuse } from './decision.ts';
import { type Action, includes, type People, type Policy } from './policy.ts';

export type Press = {
  readonly choice: Choice;
  readonly requester: string;
  /** Who could decide when it was announced: they can keep it running also when nobody may ask for it any more. */
  readonly announcedTo: People;
  /** The rule by which the requester may ask, as {@link decide} finds it now. */
  readonly asked: Decision;
  readonly person: Looked<Person>;
  readonly place: Looked<Place>;
};

/**
 * Whether this person may decide on that request. Approvers may do both; the requester may always take an
 * own request back, and confirms it only where the rule says so.
 */
export function decidePress(press: Press): Decision {
  const known = standingHere(press);
  if ('refusal' in known) return refuse(known.refusal);
  const { person } = known;
  if (press.choice === 'cancel' && person.id === press.requester) return permit('requester');
  if (!press.asked.permitted) return withoutRule(press, press.asked, person);
  const approvers = approversOf(press.asked, press.requester);
  return includes(approvers, person) ? permit(press.asked.rule) : refuse(notAnApprover(approvers));
}

/** What others may ask for here that this person may confirm. */
export function confirmableBy(policy: Policy, channel: string, person: Person): readonly Action[] {
  const here = policy.rules.filter((rule) => rule.channels.has(channel));
  const asked = here.flatMap(({ approval }) => [...approval]);
  return asked.filter(([, { from }]) => from !== 'requester' && includes(from, person)).map(([action]) => action);
}

/** Who may confirm: the rule's people, or the requester where the rule names nobody. */
export function approversOf(decision: Decision & { permitted: true }, requester: string): People {
  const from = decision.approval?.from ?? 'requester';
  return from === 'requester' ? { users: new Set([requester]), groups: new Set() } : from;
}

/** The requester may not ask any more, or Slack did not say, so no rule tells who approves. */
function withoutRule(press: Press, asked: Decision & { permitted: false }, person: Person): Decision {
  if (press.choice === 'cancel' && includes(press.announcedTo, person)) return permit('announcement');
  return isAboutThePerson(asked.refusal.reason) ? refuse({ reason: 'requester_refused' }) : asked;
}

/** Said to somebody else than it is about, these would be false. */
function isAboutThePerson(reason: Refusal['reason']): boolean {
  return ['not_permitted', 'guest', 'stranger', 'bot', 'deactivated'].includes(reason);
}

function notAnApprover(permitted: People) {
  return { reason: 'not_an_approver', permitted } as const;
}

function permit(rule: string): Decision {
  return { permitted: true, rule, approval: null };
}
