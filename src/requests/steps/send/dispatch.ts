import { approversOf } from '../../../access/approvals.ts';
import type { Decision, Refusal } from '../../../access/decision.ts';
import { isOfWatch, isVerb } from '../../../access/policy.ts';
import type { Verb } from '../../../commands/command.ts';
import type { DispatchResult } from '../../attempt-results.ts';
import type { CampaignResponse, Event } from '../../events.ts';
import type { Claim, LedgerTransaction } from '../../ledger/ledger.ts';
import type { CampaignReason } from '../../outcome.ts';
import type { Ports, Recording, Step, StepResult } from '../../ports.ts';
import { ending, isWithinLease, recording } from '../../record.ts';
import { confirmers, type Request, stageOfConfirmation, workflowKey } from '../../request.ts';
import { decidedAt, isOver, isPastDeadline, isTooLate, limits, nextLookUpAt, resendAt } from '../../retry-policy.ts';
import { isFrozen, mayAsk, mayDecide, recordedRefusal } from '../../rules/authorization.ts';
import { isHeldByPress } from '../../rules/press-hold.ts';
import { applyWatch } from './apply-watch.ts';
import { dispatching } from './dispatching.ts';
import { endOfPause, pauseEnd } from './end-of-pause.ts';
import { applyFreeze, supersedeForLater, supersedeOthers } from './freeze.ts';

/** Only this process has Campaign's response: it retries the ledger until the response is recorded, or the process ends. */
const untilRecorded = new AbortController().signal;

/** Executes the order if it is still allowed: a freeze or a watch in the ledger, a command by sending it. */
export const dispatch: Step = async (request, ports, claim) => {
  if (isTooLate(request, ports.now())) return endLate(request, ports.now());
  const { verb } = request.order;
  if (isVerb(verb)) return send(request, verb, ports, claim);
  const checked = await recheckRights(request, ports);
  if ('refusal' in checked) return retryLookUpOrRefuse(request, checked, ports, claim);
  return isOfWatch(verb) ? applyWatch(verb, checked, ports) : applyFreeze(checked, ports);
};

/**
 * Sends the command once: the intent is recorded before the attempt, and a doubtful result ends the request. The access
 * token is fetched first, because that can take ten seconds: everything that can still change is checked afterwards.
 */
async function send(request: Request, verb: Verb, ports: Ports, claim: Claim): Promise<StepResult> {
  const { workflowId, organization } = request.order;
  const prepared = await ports.campaign(organization)?.prepare(workflowId, verb);
  if (prepared === undefined) return endRefused({ refusal: { reason: 'environment_gone' } });
  if (prepared.kind === 'no_token') return recording(ended('not_sent', prepared));
  const checked = await recheckRights(request, ports);
  if ('refusal' in checked) return retryLookUpOrRefuse(request, checked, ports, claim);
  const begun = await recordDispatch(request, checked, ports, claim);
  if (begun === 'wait') return { notBefore: ports.now() + limits.dispatch.recheckMs };
  if (begun === null) return undefined;
  const mayLeave = () => isWithinLease(begun.leaseUntil, ports) && !isPastDeadline(begun.request, ports.now());
  const sent = await prepared.send(mayLeave);
  const result = resultOf(begun.request, sent, ports);
  return { record: (current, tx) => recordResult(tx, current, result), signal: untilRecorded };
}

/** Once a command may have taken effect, what was asked for later before it is superseded, and a pause gets its end. */
async function recordResult(tx: LedgerTransaction, request: Request, result: Event): Promise<readonly Event[]> {
  if (request.state !== 'dispatching') return [];
  const outcome = result.type === 'ended' ? result.data.outcome : null;
  if (outcome === 'accepted' || outcome === 'unknown') await supersedeForLater(tx, request);
  const resume = outcome === 'accepted' ? endOfPause(request) : null;
  if (resume !== null) await tx.submit(resume);
  return [result];
}

/** The process that sent it has died, and its result is unknown. */
export function endInterrupted(): Recording {
  const result: Event = { type: 'ended', data: { outcome: 'unknown', because: { kind: 'crashed' }, answer: null } };
  return { record: (current, tx) => recordResult(tx, current, result) };
}

/** The reason of the last attempt says more than that the time is over. */
function endLate(request: Request, now: number): Recording {
  const reason = request.dispatch.notReached.at(-1);
  if (reason !== undefined) return ending('not_sent', { kind: 'campaign', reason });
  return ending('not_sent', { kind: isOver(request, now) ? 'pause_over' : 'too_late' });
}

/** Why the rights do not hold any more. `confirmer`: whose confirmation does not count, if it is one's. */
type Refused = { readonly refusal: Refusal; readonly confirmer?: string };

/** By which rule the rights hold now. */
type Permitted = { readonly rule: string };

/** Checks the rights again just before sending: of the requester, and of everybody who confirmed. */
async function recheckRights(request: Request, ports: Ports): Promise<Refused | Permitted> {
  const asked = await mayAsk(request, ports);
  if (!asked.permitted) return { refusal: asked.refusal };
  return (await recheckDecisions(request, asked, ports)) ?? { rule: asked.rule };
}

/** Why what people decided does not hold any more; null if it does. */
async function recheckDecisions(
  request: Request,
  asked: Decision & { readonly permitted: true },
  ports: Ports,
): Promise<Refused | null> {
  const { approval } = asked;
  if (approval === null) return null;
  if (request.emergency !== null) return recheckEmergency(request, request.emergency.by, asked, ports);
  const by = confirmers(request);
  const judged = await Promise.all(
    by.map((one) => {
      const stages = stageOfConfirmation(request, one) ?? 0;
      return mayDecide(request, { by: one, choice: 'approve', stages }, ports, asked);
    }),
  );
  const refused = judged.flatMap(({ press }, index) =>
    press.permitted ? [] : [{ refusal: press.refusal, confirmer: by[index] ?? '' }],
  );
  // A certain refusal does not wait for somebody else's look-up.
  const first = refused.find(({ refusal }) => refusal.reason !== 'lookup_failed') ?? refused[0];
  if (first !== undefined) return first;
  if (by.length >= approval.count) return null;
  const permitted = approversOf(approval, request.requester);
  return { refusal: { reason: 'approval_needed', permitted, count: approval.count } };
}

/** An emergency stands by itself: the confirmations that were given before it do not matter. */
async function recheckEmergency(request: Request, by: string, asked: Decision, ports: Ports): Promise<Refused | null> {
  const { press } = await mayDecide(request, { by, choice: 'emergency' }, ports, asked);
  return press.permitted ? null : { refusal: press.refusal, confirmer: by };
}

async function retryLookUpOrRefuse(
  request: Request,
  refused: Refused,
  ports: Ports,
  { attempts }: Claim,
): Promise<StepResult> {
  const notBefore = nextLookUpAt(refused.refusal, { since: decidedAt(request), attempts }, ports);
  return notBefore === null ? endRefused(refused) : { notBefore };
}

function endRefused({ refusal, confirmer }: Refused): Recording {
  const recorded = { ...recordedRefusal(refusal), ...(confirmer !== undefined && { confirmer }) };
  return ending('refused', { kind: 'access', refusal: recorded });
}

type RecordedDispatch = { readonly request: Request; readonly leaseUntil: number };

/**
 * Records the intent, if nothing speaks against it in this transaction. Two commands to one workflow are never sent at
 * the same time, because their order would be unknown. A stop supersedes every command that has not been sent.
 */
function recordDispatch(
  request: Request,
  checked: Permitted,
  ports: Ports,
  claim: Claim,
): Promise<RecordedDispatch | 'wait' | null> {
  const { ledger, now } = ports;
  const rightsUntil = now() + limits.dispatch.rightsHoldMs;
  return ledger.transaction(async (tx) => {
    // A batch is locked before its items. *Keep running* on it holds each of them.
    const batch = request.batch === null ? null : await tx.load(request.batch);
    const [current, open] = [await tx.load(request.id), await tx.openRequests(workflowKey(request.order))];
    // The access token and the look-ups may have taken long.
    if (current === null || isTooLate(current, now())) return null;
    const isOtherUnderWay = open.some(({ id, state }) => id !== request.id && state === 'dispatching');
    if (isOtherUnderWay || isHeld(current, batch, ports) || now() > rightsUntil) return 'wait';
    // The next check of the rights finds a freeze that has started meanwhile, and refuses.
    if (await isFrozen(current, { ...ports, ledger: tx })) return 'wait';
    const leaseUntil = await tx.renew(claim);
    if (leaseUntil === null) return null;
    const begun = await tx.append(current, dispatching(current, checked, current.dispatch.attempts + 1));
    if (begun?.order.verb === 'stop') await supersedeOthers(tx, begun);
    return begun && { request: begun, leaseUntil };
  });
}

function isHeld(current: Request, batch: Request | null, ports: Ports): boolean {
  const since = sinceDecision(current);
  return isHeldByPress(current, since, ports) || (batch !== null && isHeldByPress(batch, since, ports));
}

function sinceDecision({ dispatch, approval, requestedAt }: Request): number {
  return dispatch.retryAt ?? approval?.at ?? requestedAt;
}

type DispatchAnswer = Exclude<DispatchResult, { kind: 'held_up' }>;

function resultOf(request: Request, sent: DispatchResult, ports: Ports): Event {
  switch (sent.kind) {
    case 'accepted':
      return {
        type: 'ended',
        data: {
          outcome: 'accepted',
          because: { kind: 'taken' },
          answer: sent.answer,
          ...pauseEnd(request, ports.now(), ports),
        },
      };
    case 'rejected':
    case 'unknown':
      return ended(sent.kind, sent);
    case 'held_up':
      return { type: 'ended', data: { outcome: 'not_sent', because: { kind: 'held_up' }, answer: null } };
    case 'not_reached': {
      const retryAt = resendAt(request, sent, ports);
      if (retryAt === null) return ended(isRejection(sent) ? 'rejected' : 'not_sent', sent);
      return { type: 'not_reached', data: { reason: sent.reason, retryAt, answer: sent.answer } };
    }
    default:
      return sent satisfies never;
  }
}

/** A 4xx of the gateway is a rejection. Without one, nobody received the command who could have rejected it. */
function isRejection({ answer }: DispatchAnswer): boolean {
  return answer.status !== null && answer.status >= 400 && answer.status < 500;
}

type Failed = { readonly reason: CampaignReason; readonly answer: CampaignResponse };

function ended(outcome: 'rejected' | 'unknown' | 'not_sent', { reason, answer }: Failed): Event {
  return { type: 'ended', data: { outcome, because: { kind: 'campaign', reason }, answer } };
}
