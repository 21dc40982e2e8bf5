import type { Decision } from '../../access/decision.ts';
import { decideEmergency, decideReview, reviewersOf } from '../../access/emergency-decision.ts';
import type { Caller } from '../../access/membership.ts';
import type { EmergencyTerms, Policy } from '../../access/policy.ts';
import type { DeclaredEmergency, PossibleEmergency } from '../events.ts';
import type { RecordedPeople } from '../outcome.ts';
import type { PendingPress, Request } from '../request.ts';
import { type ApproverLookUp, lookUpApprovers } from './approver-lookup.ts';
import { emergencyRunsFrom } from './emergency-time.ts';
import { peopleOf, recordedPeople } from './recorded-people.ts';

type Permitted = Decision & { readonly permitted: true };

/** The emergency of a rule that has permitted something, as it is recorded; null: it has none. */
export function declaredEmergency(decision: Decision): DeclaredEmergency | null {
  if (!decision.permitted || decision.emergency === undefined) return null;
  const { people, reviewBy } = decision.emergency;
  return { rule: decision.rule, people: recordedPeople(people), reviewBy: recordedPeople(reviewBy) };
}

/**
 * The emergency of a question, before it is put; null where there is none in time. Where too few people can confirm it,
 * that is so only if somebody can declare one.
 *
 * @param lastsMs how long the question waits
 * @param sinceMs how long the time until the emergency runs already, where everybody is asked again
 */
export async function emergencyOf(
  request: Pick<Request, 'requester' | 'channel'>,
  { rule, emergency }: Omit<Permitted, 'permitted'>,
  {
    approvable,
    lastsMs,
    sinceMs = 0,
  }: { readonly approvable: ApproverLookUp | null; readonly lastsMs: number; readonly sinceMs?: number },
  ports: Parameters<typeof lookUpApprovers>[2],
): Promise<PossibleEmergency | null> {
  if (emergency === undefined || emergency.afterMs - sinceMs >= lastsMs) return null;
  const recorded = { people: recordedPeople(emergency.people), afterMs: emergency.afterMs };
  if (approvable === null || approvable.refusal === null) return recorded;
  return (await reachesSomebody(request, rule, emergency, ports)) ? { ...recorded, isOnlyWay: true } : null;
}

/** Whether anybody can declare it according to Slack. Whoever is not known counts as able, as for a confirmation. */
async function reachesSomebody(
  request: Pick<Request, 'requester' | 'channel'>,
  rule: string,
  { people, afterMs }: EmergencyTerms,
  ports: Parameters<typeof lookUpApprovers>[2],
): Promise<boolean> {
  const anybody = { from: people, count: 1, requesterMayApprove: true, withinMs: afterMs };
  return (await lookUpApprovers(request, { rule, approval: anybody }, ports))?.refusal === null;
}

/** Whether somebody may declare the emergency of a request. */
export function judgeEmergency(
  policy: Policy,
  request: Request,
  { at, reason }: Partial<Pick<PendingPress, 'at' | 'reason'>>,
  caller: Caller & { readonly asked: Decision },
): Decision {
  return decideEmergency(policy, {
    ...caller,
    requester: request.requester,
    questionAt: emergencyRunsFrom(request) ?? request.requestedAt,
    ...(at !== undefined && { declaredAt: at }),
    ...(reason != null && { reason }),
  });
}

/** Whether somebody may review the emergency that was declared of a request. */
export function judgeReview(
  policy: Policy,
  { by, rule, reviewBy }: NonNullable<Request['emergency']>,
  { reason }: Partial<Pick<PendingPress, 'reason'>>,
  caller: Caller,
): Decision {
  const namedThen = peopleOf(reviewBy);
  return decideReview(policy, {
    ...caller,
    declaredBy: by,
    rule,
    namedThen,
    ...(reason != null && { comment: reason }),
  });
}

/** Who may review the emergency of a request by the rules of now. */
export function reviewersNow({ emergency }: Pick<Request, 'emergency'>, policy: Pick<Policy, 'rules'>): RecordedPeople {
  if (emergency === null) return { users: [], groups: [] };
  const { rule, reviewBy } = emergency;
  return recordedPeople(reviewersOf(policy, { rule, namedThen: peopleOf(reviewBy) }));
}
