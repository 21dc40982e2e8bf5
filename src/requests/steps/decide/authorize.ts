import { approversOf } from '../../../access/approvals.ts';
import type { Decision, Refusal } from '../../../access/decision.ts';
import { stagesOf } from '../../../access/escalation.ts';
import { type Approval, isOfWatch, ownConfirmation } from '../../../access/policy.ts';
import type { EscalationTimes, Event, EventOf, OrderedMoments, PossibleEmergency, ProbeResult } from '../../events.ts';
import type { LedgerTransaction } from '../../ledger/ledger.ts';
import type { EndReason } from '../../outcome.ts';
import type { Ports, Step, StepResult } from '../../ports.ts';
import { ending, record } from '../../record.ts';
import type { Request } from '../../request.ts';
import { decidedAt, isTooLate, nextApproverLookUpAt, nextLookUpAt } from '../../retry-policy.ts';
import { type ApproverLookUp, lookUpApprovers } from '../../rules/approver-lookup.ts';
import { recordedRefusal } from '../../rules/authorization.ts';
import { questionEnd } from '../../rules/due-time.ts';
import { resumesOrRepeats, stateIn } from '../../rules/effect.ts';
import { emergencyOf } from '../../rules/emergency.ts';
import { findConflict, isFreezeAwaitingConfirmation } from '../../rules/exclusivity.ts';
import { recordedPeople } from '../../rules/recorded-people.ts';
import { answerReminder } from '../send/end-of-pause.ts';
import { replacementOf, supersede, supersededBy } from '../send/freeze.ts';
import { probeForPeople, probeWorkflow } from '../send/probe.ts';
import { mayAskAt, resolveMoments } from './moments.ts';
import { nearestWorkflow } from './nearest-workflow.ts';

/** Decides whether the requester may ask for this. A grant is recorded in the transaction that checks for conflicts. */
export const authorize: Step = async (request, ports, { attempts }) => {
  if (isTooLate(request, ports.now())) return ending('not_sent', { kind: 'too_late' });
  const moments = await resolveMoments(request, ports);
  if (moments.kind === 'bad_time' || moments.kind === 'no_zone') return ending('refused', moments);
  if (moments.kind === 'unknown') return lookUpAgain(moments.refusal, request, ports, attempts);
  const judged = await judge(request, ports, attempts, moments.known);
  switch (judged.kind) {
    case 'wait':
      return { notBefore: judged.notBefore };
    case 'refused':
      return ending('refused', judged.because);
    case 'permitted':
      return { record: (current, tx) => grant(tx, current, judged.facts, ports.now()) };
    default:
      return judged satisfies never;
  }
};

/** A time without its zone could be another one. */
export function lookUpAgain(refusal: Refusal, request: Request, ports: Ports, attempts: number): StepResult {
  const notBefore = nextLookUpAt(refusal, { since: decidedAt(request), attempts }, ports);
  if (notBefore !== null) return { notBefore };
  return ending('refused', { kind: 'access', refusal: recordedRefusal(refusal) });
}

/** Whether something may be asked, apart from what competes with it. `wait`: a look-up has to be repeated. */
export type Judged =
  | { readonly kind: 'wait'; readonly notBefore: number }
  | { readonly kind: 'refused'; readonly because: EndReason }
  | { readonly kind: 'permitted'; readonly facts: GrantFacts };

export async function judge(
  request: Request,
  ports: Ports,
  attempts: number,
  moments: OrderedMoments = {},
): Promise<Judged> {
  const { decision, of } = await mayAskAt(request, moments, ports);
  if (!decision.permitted) {
    const notBefore = nextLookUpAt(decision.refusal, { since: decidedAt(request), attempts }, ports);
    if (notBefore !== null) return { kind: 'wait', notBefore };
    const refusal = recordedRefusal(decision.refusal);
    return { kind: 'refused', because: { kind: 'access', refusal, ...(of && { of }) } };
  }
  await probeLastStop(request, ports);
  const facts = await gatherFacts(request, decision, moments, ports);
  const because = await findObstacle(facts, request, ports);
  if (because !== null) return { kind: 'refused', because };
  const notBefore = nextApproverLookUpAt(facts.approvable, { since: request.requestedAt, attempts }, ports);
  return notBefore === null ? { kind: 'permitted', facts } : { kind: 'wait', notBefore };
}

/** The rule, whose confirmation it needs, and the workflow's state. */
export type GrantFacts = {
  readonly rule: string;
  readonly approval: Approval | null;
  readonly approvable: ApproverLookUp | null;
  readonly seen: ProbeResult | null;
  readonly moments: OrderedMoments;
  readonly emergency: PossibleEmergency | null;
};

/**
 * People are asked about the workflow's present state. A start that would resume or repeat, and one of several commands at
 * once, always need a confirmation.
 */
async function gatherFacts(
  request: Request,
  decision: Decision & { permitted: true },
  moments: OrderedMoments,
  ports: Ports,
): Promise<GrantFacts> {
  const { rule, approval } = decision;
  const starts = request.order.verb === 'start';
  const isOneOfSeveral = request.batch !== null;
  const [seen, approvable] = await Promise.all([
    approval !== null || starts || isOneOfSeveral || moments.dueAt !== undefined
      ? probeForPeople(request, ports)
      : null,
    lookUpApprovers(request, { rule, approval }, ports),
  ]);
  const lastsMs = approval === null ? 0 : questionEnd(moments, ports.now() + approval.withinMs) - ports.now();
  const emergency = await emergencyOf(request, decision, { approvable, lastsMs }, ports);
  const isDangerous = starts && resumesOrRepeats(stateIn(seen));
  return {
    rule,
    approval: approval ?? (isDangerous || isOneOfSeveral ? ownConfirmation : null),
    approvable,
    seen,
    moments,
    emergency,
  };
}

/** No question is asked for a workflow that does not exist, or that nobody can confirm. */
async function findObstacle(
  { seen, approvable, emergency }: GrantFacts,
  request: Request,
  ports: Ports,
): Promise<EndReason | null> {
  const { verb } = request.order;
  const obstacle = isOfWatch(verb) ? await ports.ledger.watches.obstacle(request, verb) : null;
  if (obstacle !== null) return obstacle;
  // Nobody is asked about its state, which does not matter for a watch.
  const found = verb === 'watch' ? await probeWorkflow(request, ports) : seen;
  if (found?.kind === 'not_found') {
    // Of several, everybody reads why one is not asked about, and a suggestion is only for its requester.
    const nearest = request.batch === null ? await nearestWorkflow(request, ports) : null;
    return { kind: 'no_such_workflow', nearest };
  }
  const refusal = emergency === null ? (approvable?.refusal ?? null) : null;
  return refusal === null ? null : { kind: 'access', refusal: recordedRefusal(refusal) };
}

/** Records whether the last stop has taken effect: then it does not conflict with the next one. */
async function probeLastStop(request: Request, { ledger, campaign, now }: Ports): Promise<void> {
  if (request.order.verb !== 'stop') return;
  const others = await ledger.competingRequests(request.order);
  const { lastStop } = others;
  if (lastStop === null || findConflict(request, others, now())?.kind !== 'stopped_lately') return;
  const observation = await campaign(request.order.organization)?.probe(request.order.workflowId);
  if (observation?.kind !== 'seen' || observation.reading !== 'finished') return;
  await record(lastStop, { ledger }, { type: 'observed', data: { observation } });
}

async function grant(
  tx: LedgerTransaction,
  request: Request,
  terms: GrantFacts,
  now: number,
): Promise<readonly Event[]> {
  if (request.grant !== null || request.state !== 'submitted') return [];
  const others = await tx.competingRequests(request.order);
  // A command for later holds nothing, and meets what competes with it when it is due.
  if (terms.moments.dueAt !== undefined) {
    const replacement = await replacementOf(tx, request, others.open);
    return [replacement === null ? granted(request, terms, now) : supersededBy(replacement.id)];
  }
  const isAtOnce = request.order.verb === 'freeze' && terms.approval === null;
  const giveWay = isAtOnce ? others.open.filter(isFreezeAwaitingConfirmation) : [];
  const open = others.open.filter((other) => !giveWay.includes(other));
  const obstacle = findConflict(request, { ...others, open }, now);
  if (obstacle === null) await supersede(tx, giveWay, request);
  if (obstacle === null) await answerReminder(tx, request);
  return [obstacle === null ? granted(request, terms, now) : refused(obstacle)];
}

/** The announcement shows when the question expires, so that is decided before it is posted. */
export function granted(
  request: Request,
  { rule, approval, approvable, seen, moments, emergency }: GrantFacts,
  now: number,
): EventOf<'granted'> {
  if (approval === null) return { type: 'granted', data: { rule, approvers: null, expiresAt: null, seen, ...moments } };
  const approvers = recordedPeople(approversOf(approval, request.requester));
  const { count, withinMs } = approval;
  const asked = approvable && { asked: approvable.asked, ...(emergency && { emergency }) };
  const atOnce = approvable !== null && approvable.atOnce.length > 0 ? { atOnce: approvable.atOnce } : {};
  const expiresAt = questionEnd(moments, now + withinMs);
  return {
    type: 'granted',
    data: { rule, approvers, expiresAt, count, seen, ...asked, ...moments, ...escalationTimes(approval), ...atOnce },
  };
}

function escalationTimes(approval: Approval): EscalationTimes {
  const { remindAfterMs: remindAfter = [] } = approval;
  const escalateAfter = stagesOf(approval).map(({ afterMs }) => afterMs);
  return {
    ...(remindAfter.length > 0 && { remindAfter }),
    ...(escalateAfter.length > 0 && { escalateAfter }),
  };
}

export function refused(because: EndReason): Event {
  return { type: 'ended', data: { outcome: 'refused', because, answer: null } };
}
