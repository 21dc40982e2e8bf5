import { type Decision, type Person, type Refusal, refuse, refuseUnknown } from './decision.ts';
import { type Caller, checkMembership } from './membership.ts';
import { holdsPattern } from './patterns.ts';
import { doubtsAbout, type EmergencyTerms, includes, type People, type Policy, type Rule } from './policy.ts';
import { withoutRule } from './press-decision.ts';

/** Somebody declares that a command has to be sent without its confirmations. Times are milliseconds since the epoch. */
export type Declaration = Caller & {
  readonly requester: string;
  /** The current decision on the requester's own permission. */
  readonly asked: Decision;
  /** When the confirmations were asked for. */
  readonly questionAt: number;
  /** Absent: that is known to be late enough. */
  readonly declaredAt?: number;
  /** Absent if none was entered yet; a valid one is then assumed. */
  readonly reason?: string;
};

/**
 * Whether this person may declare an emergency: only what the requester may still ask for, as one whom the rule names, with
 * a reason, and not before the approvers have had their time.
 */
export function decideEmergency(policy: Policy, declaration: Declaration): Decision {
  const known = checkMembership(policy, declaration);
  if ('refusal' in known) return refuse(known.refusal);
  const { asked, requester } = declaration;
  if (!asked.permitted) return withoutRule(asked, requester);
  const { emergency, rule } = asked;
  if (emergency === undefined) return refuse({ reason: 'no_emergency', rule });
  const refusal = notAmong(emergency.people, known.person, 'not_in_emergency');
  if (refusal !== null) return refusal;
  const obstacle = tooEarly(emergency, declaration) ?? reasonProblem(emergency, declaration.reason, rule);
  return obstacle === null ? asked : refuse(obstacle);
}

function notAmong(
  people: People,
  person: Person,
  reason: 'not_in_emergency' | 'not_a_reviewer',
): (Decision & { permitted: false }) | null {
  if (includes(people, person)) return null;
  const doubts = doubtsAbout(people, person);
  return doubts.size > 0 ? refuseUnknown(doubts, person) : refuse({ reason, permitted: people });
}

function tooEarly({ afterMs }: EmergencyTerms, { questionAt, declaredAt }: Declaration): Refusal | null {
  const from = questionAt + afterMs;
  return declaredAt !== undefined && declaredAt < from ? { reason: 'too_early_for_emergency', from } : null;
}

function reasonProblem({ reasonFormat }: EmergencyTerms, reason: string | undefined, rule: string): Refusal | null {
  if (reason === undefined) return null;
  if (reason === '') return { reason: 'emergency_needs_reason' };
  if (reasonFormat === undefined || holdsPattern(reason, reasonFormat.pattern)) return null;
  return { reason: 'reason_mismatch', rule, hint: reasonFormat.hint };
}

/** Somebody reviews an emergency. */
export type Review = Caller & {
  readonly declaredBy: string;
  /** The rule under which it was declared. */
  readonly rule: string;
  /** Whom that rule named then: they review it where it knows no emergency any more. */
  readonly namedThen: People;
  /** Absent if none was entered yet. */
  readonly comment?: string;
};

/** Whether this person may review an emergency: as one whom the rule names, and never the person who declared it. */
export function decideReview(policy: Policy, review: Review): Decision {
  const known = checkMembership(policy, review);
  if ('refusal' in known) return refuse(known.refusal);
  const { person } = known;
  const { users, groups } = reviewersOf(policy, review);
  const permitted = { users: users.difference(new Set([review.declaredBy])), groups };
  if (person.id === review.declaredBy) return refuse({ reason: 'own_emergency', permitted });
  const refusal = notAmong(permitted, person, 'not_a_reviewer');
  if (refusal !== null) return refusal;
  if (review.comment === '') return refuse({ reason: 'review_needs_comment' });
  return { permitted: true, rule: review.rule, approval: null };
}

/** Who may review it by the rules of now. */
export function reviewersOf(
  { rules }: Pick<Policy, 'rules'>,
  { rule, namedThen }: Pick<Review, 'rule' | 'namedThen'>,
): People {
  return rules.find(({ name }) => name === rule)?.emergency?.reviewBy ?? namedThen;
}

/** The rules under which this person may declare an emergency here, or review one. */
export function emergenciesOf(
  { rules }: Pick<Policy, 'rules'>,
  channel: string,
  person: Person,
  part: 'people' | 'reviewBy',
): readonly Rule[] {
  return rules.filter(
    ({ channels, emergency }) => channels.has(channel) && emergency !== undefined && includes(emergency[part], person),
  );
}
