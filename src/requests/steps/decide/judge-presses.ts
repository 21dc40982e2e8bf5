import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { isHalting, ownConfirmation } from '../../../access/policy.ts';
import type { Postponement } from '../../attempt-results.ts';
import type { DeclaredEmergency, Event, EventOf, PossibleEmergency, PressRefusal, ProbeResult } from '../../events.ts';
import type { LedgerTransaction } from '../../ledger/ledger.ts';
import type { Ports, Step } from '../../ports.ts';
import { endRequest, record, recordNow } from '../../record.ts';
import { isBatch, type PendingPress, type Request, workflowKey } from '../../request.ts';
import { limits, nextLookUpAt } from '../../retry-policy.ts';
import { type ApproverLookUp, lookUpApprovers } from '../../rules/approver-lookup.ts';
import { isTemporary, type Judgement, mayDecide, recordedRefusal } from '../../rules/authorization.ts';
import { isAsked, itemsOf } from '../../rules/batch.ts';
import { questionEnd } from '../../rules/due-time.ts';
import { changeBetween, stateIn } from '../../rules/effect.ts';
import { declaredEmergency, emergencyOf, reviewersNow } from '../../rules/emergency.ts';
import { emergencyRunsFrom } from '../../rules/emergency-time.ts';
import { precedes } from '../../rules/exclusivity.ts';
import { isUndecided, isUnsent } from '../../transition.ts';
import { supersedeForLater, supersedeOthers } from '../send/freeze.ts';
import { probeForPeople } from '../send/probe.ts';
import { approveBatch, cancelBatch } from './approve-batch.ts';

/** The time limit of all look-ups of one step, and how often they were tried before. */
type Effort = { readonly attempts: number; readonly timeLimit: Promise<null> };

/**
 * Judges each press separately: one that takes long, or does not count, delays neither the others nor those that are
 * recorded while this step runs.
 */
export const judgePresses: Step = async (request, ports, { attempts }) => {
  const effort = { attempts, timeLimit: wait(limits.judge.withinMs, null, { ref: false }) };
  const judged = new Map<string, Promise<Postponement | undefined>>();
  const judgeNew = (current: Request) => {
    const ready = current.presses.filter((press) => !judged.has(press.interaction) && !isEarly(current, press));
    for (const press of ready) judged.set(press.interaction, judge(current, press, ports, effort));
  };
  judgeNew(request);
  while (!(await settleWithin(limits.judge.reloadMs, judged.values()))) {
    judgeNew((await ports.ledger.load(request.id)) ?? request);
  }
  const left = (await ports.ledger.load(request.id))?.presses ?? [];
  if (left.length === 0) return undefined;
  const soon = ports.now() + limits.judge.retryMs;
  const due = await Promise.all(
    left.map(async ({ interaction }) => (await judged.get(interaction))?.notBefore ?? soon),
  );
  return { notBefore: Math.min(...due, ports.now() + limits.judge.mostPauseMs) };
};

/** Whether all promises are fulfilled within that time. Rejects if one is rejected. */
function settleWithin(ms: number, promises: Iterable<Promise<unknown>>): Promise<boolean> {
  return Promise.race([Promise.all(promises).then(() => true), wait(ms, false, { ref: false })]);
}

/** Pressed as soon as Slack showed the announcement, before that is recorded: judged afterwards. */
function isEarly({ state }: Request, { choice }: PendingPress): boolean {
  return (choice === 'approve' || choice === 'emergency') && isUndecided(state) && state !== 'awaiting_approval';
}

async function judge(
  request: Request,
  press: PendingPress,
  ports: Ports,
  { attempts, timeLimit }: Effort,
): Promise<Postponement | undefined> {
  const tooLate = whyTooLate(request, press);
  if (tooLate !== null) return refusePress(request, press, tooLate, ports);
  const judgement = await Promise.race([
    mayDecide(request, { ...press, reason: press.reason ?? '' }, ports),
    timeLimit,
  ]);
  if (judgement === null) return { notBefore: ports.now() + limits.judge.retryMs };
  if (!judgement.press.permitted) {
    const notBefore = nextLookUpAt(judgement.press.refusal, { since: press.at, attempts }, ports);
    if (notBefore !== null) return { notBefore };
  }
  return carryOut(request, press, judgement, ports);
}

async function carryOut(
  request: Request,
  press: PendingPress,
  judgement: Judgement,
  ports: Ports,
): Promise<Postponement | undefined> {
  if (isRequesterRefused(judgement, press)) {
    const refusal = recordedRefusal(judgement.asked.refusal);
    return endRequest(request, 'refused', { kind: 'access', refusal }, ports);
  }
  if (!judgement.press.permitted) {
    const refusal = recordedRefusal(judgement.press.refusal);
    return refusePress(request, press, { kind: 'access', refusal }, ports);
  }
  switch (press.choice) {
    case 'cancel':
      return takeBack(request, press, ports);
    case 'review':
      return review(request, press, ports);
    case 'approve':
    case 'emergency':
      return confirm(request, press, judgement, ports);
    default:
      return press.choice satisfies never;
  }
}

/** Why the press cannot count any more, whoever pressed; null if it can. */
function whyTooLate({ state, emergency }: Request, { choice }: PendingPress): PressRefusal | null {
  if (choice === 'review' && emergency !== null) {
    return emergency.review === null ? null : { kind: 'reviewed_already', by: emergency.review.by };
  }
  const canCount = choice === 'cancel' ? isUnsent(state) : state === 'awaiting_approval';
  return canCount ? null : { kind: 'too_late', state };
}

type RequesterRefused = Judgement & { readonly asked: { readonly permitted: false } };

/** Somebody who was asked confirmed it, but the requester may not ask for it any more: the request ends as refused. */
function isRequesterRefused(judgement: Judgement, { choice }: PendingPress): judgement is RequesterRefused {
  const { asked, wasAsked } = judgement;
  return choice === 'approve' && wasAsked && !asked.permitted && !isTemporary(asked.refusal);
}

async function refusePress(
  request: Request,
  { by, interaction }: PendingPress,
  refusal: PressRefusal,
  ports: Ports,
): Promise<undefined> {
  await record(request, ports, { type: 'press_refused', data: { by, interaction, refusal } });
}

async function takeBack(request: Request, press: PendingPress, ports: Ports): Promise<undefined> {
  const { by, interaction } = press;
  if (isBatch(request)) {
    await ports.ledger.transaction(async (tx) => {
      const batch = await tx.load(request.id);
      if (batch !== null && isUnsent(batch.state)) await cancelBatch(tx, batch, press);
    });
    return;
  }
  const because = { kind: 'decided', by, interaction } as const;
  await record(request, ports, { type: 'ended', data: { outcome: 'cancelled', because, answer: null } });
}

/** The first review counts. */
async function review(request: Request, { by, interaction }: PendingPress, ports: Ports): Promise<undefined> {
  const reviewBy = reviewersNow(request, ports.policy());
  const isSame = isDeepStrictEqual(reviewBy, request.emergency?.reviewBy);
  await recordNow(request, ports, ({ emergency }) => {
    const known = emergency?.review ?? null;
    if (known === null) return [{ type: 'reviewed', data: { by, interaction, ...(!isSame && { reviewBy }) } }];
    const refusal = { kind: 'reviewed_already', by: known.by } as const;
    return [{ type: 'press_refused', data: { by, interaction, refusal } }];
  });
}

/** The last confirmation, or one of several; or an emergency, which takes the place of all that are missing. */
async function confirm(
  request: Request,
  press: PendingPress,
  { asked, stage }: Judgement,
  ports: Ports,
): Promise<Postponement | undefined> {
  // Reading many workflows in vain costs more than a look at what competes; the transaction looks again.
  const isAtOnce = request.grant?.dueAt === undefined;
  if (isBatch(request) && isAtOnce && (await isBlocked(request, ports)))
    return { notBefore: ports.now() + limits.judge.blockedMs };
  const seen = await probeAll(request, ports);
  const { count, withinMs } = (asked.permitted ? asked.approval : null) ?? ownConfirmation;
  const expiresAt = questionEnd(request.grant ?? {}, ports.now() + withinMs);
  const isAskedAgain = asked.permitted && changeOf(request, seen) !== null;
  const approvable = isAskedAgain ? await lookUpApprovers(request, asked, ports) : null;
  const lastsMs = expiresAt - ports.now();
  const sinceMs = isHalting(request.order.verb) ? ports.now() - (emergencyRunsFrom(request) ?? ports.now()) : 0;
  const possible = isAskedAgain ? await emergencyOf(request, asked, { approvable, lastsMs, sinceMs }, ports) : null;
  const emergency = press.choice === 'emergency' ? declaredEmergency(asked) : null;
  const rule = asked.permitted && asked.rule !== request.grant?.rule ? asked.rule : null;
  const facts = { needed: count, seen, approvable, expiresAt, possible, emergency, stage, rule };
  await ports.ledger.transaction((tx) => recordConfirmation(tx, request.id, press, facts, ports));
  return undefined;
}

/** Whether another command is being sent to one of the workflows. */
async function isBlocked(request: Request, ports: Ports): Promise<boolean> {
  const subjects = await subjectsOf(request, ports);
  const others = await Promise.all(subjects.map(({ order }) => ports.ledger.competingRequests(order)));
  return others.some(({ open }, index) => open.some((other) => precedes(other, subjects[index] ?? request)));
}

/** The requests that the question is about: this one, or those of a batch. */
async function subjectsOf(request: Request, { ledger }: Pick<Ports, 'ledger'>): Promise<readonly Request[]> {
  return isBatch(request) ? (await itemsOf(request, ledger)).filter(isAsked) : [request];
}

/** What is seen now of each workflow that the question is about, by the request about it: this one, or those of a batch. */
type Seen = ReadonlyMap<string, ProbeResult | null>;

async function probeAll(request: Request, ports: Ports): Promise<Seen> {
  const subjects = await subjectsOf(request, ports);
  return new Map(await Promise.all(subjects.map(async (one) => [one.id, await probeForPeople(one, ports)] as const)));
}

type ConfirmationFacts = {
  readonly needed: number;
  readonly seen: Seen;
  /** Null where nobody has to be asked again. */
  readonly approvable: ApproverLookUp | null;
  readonly expiresAt: number;
  /** By which stage of the escalation the person may confirm; null: without. */
  readonly stage: number | null;
  /** The rule by which it is judged; null: that of the grant. */
  readonly rule: string | null;
  /** The emergency of the new question, where people are asked again. */
  readonly possible: PossibleEmergency | null;
  /** Null where the press is no emergency. */
  readonly emergency: DeclaredEmergency | null;
};

/**
 * If another press was recorded meanwhile, nothing is recorded and this one is judged again in the new state. The same
 * holds while another command is being sent: after its end, the workflow's state is read again.
 */
async function recordConfirmation(
  tx: LedgerTransaction,
  id: string,
  press: PendingPress,
  facts: ConfirmationFacts,
  ports: Ports,
): Promise<void> {
  const request = await tx.load(id);
  if (request === null || !request.presses.some(({ interaction }) => interaction === press.interaction)) return;
  const event = confirmation(request, press, facts);
  if (event.type !== 'approved') {
    await tx.append(request, event, ...(event.type === 'changed' ? newAtOnce(request, facts) : []));
  } else if (isBatch(request)) {
    await approveBatch(tx, request, { event, seen: facts.seen }, ports);
  } else {
    await approveOne(tx, request, event);
  }
}

/** Stages that ask with a new question, because too few of the others can confirm it now. */
function newAtOnce({ escalation }: Request, { approvable }: ConfirmationFacts): readonly Event[] {
  const stages = approvable?.atOnce ?? [];
  return stages.slice(escalation.stages.length).map((data) => ({ type: 'escalated', data }));
}

async function approveOne(tx: LedgerTransaction, request: Request, event: EventOf<'approved'>): Promise<void> {
  if (request.grant?.dueAt != null) {
    const scheduled = await tx.append(request, { type: 'scheduled', data: event.data });
    if (scheduled !== null) await supersedeForLater(tx, scheduled);
    return;
  }
  const open = await tx.openRequests(workflowKey(request.order));
  if (open.some((other) => precedes(other, request))) return;
  const after = await tx.append(request, event);
  if (after?.order.verb === 'stop') await supersedeOthers(tx, after);
}

/** The event of a confirmation: one of several, the last one, or a changed question that has to be asked again. */
function confirmation(
  request: Request,
  { by, interaction, questionRevision }: PendingPress,
  facts: ConfirmationFacts,
): Event {
  const { needed, emergency } = facts;
  const seen = facts.seen.get(request.id) ?? null;
  const { changed } = request;
  // What halts something is not asked about again in an emergency.
  if (emergency !== null && isHalting(request.order.verb))
    return { type: 'approved', data: { by, interaction, seen, emergency } };
  if (changed !== null && questionRevision < changed.questionRevision) {
    const { before, now } = changed;
    return { type: 'press_refused', data: { by, interaction, refusal: { kind: 'changed', before, now } } };
  }
  const change = changed === null ? changeOf(request, facts.seen) : null;
  if (change !== null) return askAgain({ by, interaction, ...change }, facts);
  if (emergency !== null) return { type: 'approved', data: { by, interaction, seen, emergency } };
  const { confirmations } = request;
  const missing = needed - confirmations.length;
  // If the rule needs fewer people now, somebody who has confirmed already may be the last.
  if (missing > 0 && confirmations.some((one) => one.by === by)) {
    return { type: 'press_refused', data: { by, interaction, refusal: { kind: 'counted_already', missing } } };
  }
  const { stage, rule } = facts;
  const own = { by, interaction, seen, ...(stage !== null && { stage }), ...(rule !== null && { rule }) };
  return missing > 1 ? { type: 'confirmed', data: { ...own, needed } } : { type: 'approved', data: own };
}

function askAgain(
  change: Change & Pick<EventOf<'changed'>['data'], 'by' | 'interaction'>,
  { approvable, expiresAt, possible }: Pick<ConfirmationFacts, 'approvable' | 'expiresAt' | 'possible'>,
): Event {
  if (approvable?.refusal != null && possible === null) {
    const because = { kind: 'access', refusal: recordedRefusal(approvable.refusal) } as const;
    return { type: 'ended', data: { outcome: 'refused', because, answer: null } };
  }
  return {
    type: 'changed',
    data: { ...change, expiresAt, ...(approvable && { asked: approvable.asked }), emergency: possible },
  };
}

/** What has changed: of a batch, the first of its workflows that has, and what is seen of all. */
type Change = Pick<EventOf<'changed'>['data'], 'before' | 'now' | 'seen' | 'item' | 'items'>;

function changeOf({ id, order, grant }: Request, seen: Seen): Change | null {
  const items = [...seen].map(([request, now]) => ({ request, seen: now }));
  for (const { request, seen: now } of items) {
    const shown = grant?.items?.find((item) => item.request === request)?.seen ?? grant?.seen ?? null;
    const change = now && changeBetween(stateIn(shown), now, order.verb);
    if (change && now) return { ...change, seen: now, ...(request !== id && { item: request, items }) };
  }
  return null;
}
