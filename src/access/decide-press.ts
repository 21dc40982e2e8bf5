import type { Choice } from '../commands/command.ts';
import { standingHere } from './decide.ts';
import { type Decision, type Looked, type Person, type Place, refuse } from './decision.ts';
import { type Action, includes, nobody, type People, type Policy } from './policy.ts';

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
  if (!press.asked.permitted) return withoutRule(press.choice, press.asked);
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
function withoutRule(choice: Choice, asked: Decision & { permitted: false }): Decision {
  const saysWhy = choice === 'approve' || asked.refusal.reason === 'lookup_failed';
  return saysWhy ? asked : refuse(notAnApprover(nobody));
}

function notAnApprover(permitted: People) {
  return { reason: 'not_an_approver', permitted } as const;
}

function permit(rule: string): Decision {
  return { permitted: true, rule, approval: null };
}
