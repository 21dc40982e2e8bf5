import { approversOf } from '../../access/decide-press.ts';
import type { Decision } from '../../access/decision.ts';
import { tooLate } from '../deadline.ts';
import type { Event } from '../events.ts';
import { standsInTheWay } from '../exclusivity.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import type { Ports, Step } from '../ports.ts';
import type { EndReason } from '../reasons.ts';
import { type Request, workflowKey } from '../request.ts';
import { record } from './record.ts';
import { mayAsk, recordedPeople, recordedRefusal } from './rights.ts';

/** Decides on access; whoever is let in takes hold of the workflow in the same transaction. */
export const authorize: Step = async (request, ports) => {
  if (tooLate(request, ports.now())) return end(request, 'not_sent', { kind: 'too_late' }, ports);
  const decision = await mayAsk(request, ports);
  if (!decision.permitted) {
    return end(request, 'refused', { kind: 'access', refusal: recordedRefusal(decision.refusal) }, ports);
  }
  await lookAtLastStop(request, ports);
  await ports.ledger.transaction((tx) => grant(tx, request.id, decision, ports.now()));
  return undefined;
};

/** A stop that was seen to have its effect does not stand in the way of the next one. */
async function lookAtLastStop(request: Request, { ledger, campaign, now }: Ports): Promise<void> {
  const key = workflowKey(request.order);
  const [open, lastStop] = await ledger.transaction(async (tx) => [await tx.open(key), await tx.lastStop(key)]);
  if (lastStop === null || standsInTheWay(request, { open, lastStop }, now())?.kind !== 'stopped_lately') return;
  const observation = await campaign(request.order.environment)?.look(request.order.workflowId);
  if (observation?.kind !== 'seen' || observation.reading !== 'finished') return;
  await record(lastStop, { ledger }, { type: 'observed', data: { observation } });
}

async function grant(tx: LedgerTransaction, id: string, decision: Decision & { permitted: true }, now: number) {
  const request = await tx.load(id);
  if (request === null || request.grant !== null) return;
  const key = workflowKey(request.order);
  const others = { open: await tx.open(key), lastStop: await tx.lastStop(key) };
  const obstacle = standsInTheWay(request, others, now);
  await tx.append(request, obstacle === null ? granted(request, decision, now) : refused(obstacle));
}

/** The announcement says until when the question stands, so that is settled before it is posted. */
function granted(request: Request, decision: Decision & { permitted: true }, now: number): Event {
  const { approval, rule } = decision;
  if (approval === null) return { type: 'granted', data: { rule, approvers: null, expiresAt: null } };
  const approvers = recordedPeople(approversOf(decision, request.requester));
  return { type: 'granted', data: { rule, approvers, expiresAt: now + approval.withinMs } };
}

function refused(because: EndReason): Event {
  return { type: 'ended', data: { outcome: 'refused', because, answer: null } };
}

/** Ends a request, unless something else did so meanwhile. */
export async function end(
  request: Request,
  outcome: 'refused' | 'not_sent' | 'expired' | 'unknown',
  because: EndReason,
  { ledger }: Pick<Ports, 'ledger'>,
): Promise<undefined> {
  await ledger.transaction(async (tx) => {
    const current = await tx.load(request.id);
    if (current !== null) await tx.append(current, { type: 'ended', data: { outcome, because, answer: null } });
  });
}
