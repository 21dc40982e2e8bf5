import type { Choice } from '../commands/command.ts';
import { standingHere } from './decide.ts';
import { type Decision, type Looked, type Person, type Place, refuse } from './decision.ts';
import { includes, nobody, type People } from './policy.ts';

export type Press = {
  readonly choice: Choice;
  readonly requester: string;
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
  if (!press.asked.permitted) return press.choice === 'cancel' ? refuse(notAnApprover(nobody)) : press.asked;
  const approvers = approversOf(press.asked, press.requester);
  return includes(approvers, person) ? permit(press.asked.rule) : refuse(notAnApprover(approvers));
}

/** Who may confirm: the rule's people, or the requester where the rule names nobody. */
export function approversOf(decision: Decision & { permitted: true }, requester: string): People {
  const from = decision.approval?.from ?? 'requester';
  return from === 'requester' ? { users: new Set([requester]), groups: new Set() } : from;
}

function notAnApprover(permitted: People) {
  return { reason: 'not_an_approver', permitted } as const;
}

function permit(rule: string): Decision {
  return { permitted: true, rule, approval: null };
}
