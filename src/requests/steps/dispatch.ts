import { approversOf } from '../../access/approvers.ts';
import type { Refusal } from '../../access/decision.ts';
import { isVerb } from '../../access/policy.ts';
import { decidedAt, isOver, tooLate } from '../deadline.ts';
import type { Event } from '../events.ts';
import type { Claim } from '../ledger/ledger.ts';
import type { Ports, Sent, Step } from '../ports.ts';
import { confirmers, type Request, workflowKey } from '../request.ts';
import { resendAt } from '../resend.ts';
import { end } from './authorize.ts';
import { isInTime } from './begin-deed.ts';
import { carryOutFreeze } from './carry-out-freeze.ts';
import { lookUpAgainAt } from './look-up-again.ts';
import { record } from './record.ts';
import { isFrozen, mayAsk, mayDecide, recordedRefusal } from './rights.ts';
import { supersedeOthers } from './supersede.ts';

/** The longest that the judging of a press holds a command that is ready to be sent. */
const judgedWithinMs = 15_000;

/** How often a stop looks whether a command under way to the same workflow has got its answer. */
const underWayMs = 250;

/** Sends the command, once: the attempt is on record before it is made, and whatever leaves doubt ends it. */
export const dispatch: Step = async (request, ports, claim) => {
  if (tooLate(request, ports.now())) return endLate(request, ports);
  const refused = await noLongerMay(request, ports);
  if (refused !== null) {
    const again = { since: decidedAt(request), attempts: claim.attempts };
    const notBefore = lookUpAgainAt(refused.refusal, again, ports);
    return notBefore === null ? endRefused(request, refused, ports) : { notBefore };
  }
  const { verb, workflowId, organization } = request.order;
  if (!isVerb(verb)) return carryOutFreeze(request, ports);
  const campaign = ports.campaign(organization);
  if (campaign === null)
    return end(request, 'refused', { kind: 'access', refusal: { reason: 'environment_gone' } }, ports);
  const begun = await begin(request, ports, claim);
  if (begun === 'wait') return { notBefore: ports.now() + underWayMs };
  if (begun === null) return undefined;
  const mayLeave = () => isInTime(begun.leaseUntil, ports) && !isOver(begun.request, ports.now());
  const sent = await campaign.send(workflowId, verb, mayLeave);
  await record(begun.request, ports, resultOf(begun.request, sent, ports));
  return undefined;
};

/** What a request waited for tells more than that it waited. */
function endLate(request: Request, ports: Ports): Promise<undefined> {
  const reason = request.dispatch.notReached.at(-1);
  return end(request, 'not_sent', reason ? { kind: 'campaign', reason } : { kind: 'too_late' }, ports);
}

/** Who may not (any more); `confirmer`: whose confirmation it is, of several. */
type Refused = { readonly refusal: Refusal; readonly confirmer?: string };

/** Rights are checked again just before sending: of who asked, and of everybody who confirmed. */
async function noLongerMay(request: Request, ports: Ports): Promise<Refused | null> {
  const asked = await mayAsk(request, ports);
  if (!asked.permitted) return { refusal: asked.refusal };
  const { approval } = asked;
  if (approval === null) return null;
  const by = confirmers(request);
  const judged = await Promise.all(by.map((one) => mayDecide(request, { by: one, choice: 'approve' }, ports, asked)));
  const refused = judged.flatMap(({ press }, index) =>
    press.permitted ? [] : [{ refusal: press.refusal, confirmer: by[index] ?? '' }],
  );
  // What is certain does not wait for a look-up of somebody else.
  const first = refused.find(({ refusal }) => refusal.reason !== 'lookup_failed') ?? refused[0];
  if (first !== undefined) return first;
  if (by.length >= approval.count) return null;
  const permitted = approversOf(approval, request.requester);
  return { refusal: { reason: 'approval_needed', permitted, count: approval.count } };
}

function endRefused(request: Request, { refusal, confirmer }: Refused, ports: Ports): Promise<undefined> {
  const recorded = { ...recordedRefusal(refusal), ...(confirmer !== undefined && { confirmer }) };
  return end(request, 'refused', { kind: 'access', refusal: recorded }, ports);
}

type Begun = { readonly request: Request; readonly leaseUntil: number };

/**
 * Two commands to one workflow are never under way at once: their order would be anybody's guess. What did
 * not get through before a stop does not come after it.
 */
function begin(request: Request, ports: Ports, claim: Claim): Promise<Begun | 'wait' | null> {
  const { ledger, now } = ports;
  return ledger.transaction(async (tx) => {
    const [current, open] = [await tx.load(request.id), await tx.open(workflowKey(request.order))];
    if (open.some(({ id, state }) => id !== request.id && state === 'dispatching')) return 'wait';
    if (current !== null && mayBeTakenBack(current, now())) return 'wait';
    // The look-ups before this may have taken their time.
    if (current === null || tooLate(current, now())) return null;
    // A freeze that has begun meanwhile is found by the next look at the rights.
    if (await isFrozen(current, { ...ports, ledger: tx })) return 'wait';
    const leaseUntil = await tx.renew(claim);
    if (leaseUntil === null) return null;
    const begun = await tx.append(current, { type: 'dispatching', data: { attempt: current.dispatch.attempts + 1 } });
    if (begun?.order.verb === 'stop') await supersedeOthers(tx, begun);
    return begun && { request: begun, leaseUntil };
  });
}

/**
 * Somebody pressed *Keep running* before it was sent, and that is not judged yet. It holds the sending, but
 * not for ever: otherwise whoever goes on pressing could block the brake.
 */
function mayBeTakenBack({ presses, approval, dispatch: { retryAt }, requestedAt }: Request, now: number): boolean {
  const readySince = retryAt ?? approval?.at ?? requestedAt;
  return now < readySince + judgedWithinMs && presses.some(({ choice }) => choice === 'cancel');
}

type Answered = Exclude<Sent, { kind: 'held_up' }>;

function resultOf(request: Request, sent: Sent, ports: Ports): Event {
  switch (sent.kind) {
    case 'accepted':
      return { type: 'ended', data: { outcome: 'accepted', because: { kind: 'taken' }, answer: sent.answer } };
    case 'rejected':
    case 'unknown':
      return ended(sent.kind, sent);
    case 'no_token':
      return ended('not_sent', sent);
    case 'held_up':
      return { type: 'ended', data: { outcome: 'not_sent', because: { kind: 'held_up' }, answer: null } };
    case 'not_reached': {
      const retryAt = resendAt(request, sent, ports);
      if (retryAt === null) return ended(saidNo(sent) ? 'rejected' : 'not_sent', sent);
      return { type: 'not_reached', data: { reason: sent.reason, retryAt, answer: sent.answer } };
    }
    default:
      return sent satisfies never;
  }
}

/** A 4xx of the gateway is a no; the rest never got as far as somebody who could say no. */
function saidNo({ answer }: Answered): boolean {
  return answer.status !== null && answer.status >= 400 && answer.status < 500;
}

function ended(outcome: 'rejected' | 'unknown' | 'not_sent', sent: Exclude<Answered, { kind: 'accepted' }>): Event {
  const { reason, answer } = sent;
  return { type: 'ended', data: { outcome, because: { kind: 'campaign', reason }, answer } };
}
