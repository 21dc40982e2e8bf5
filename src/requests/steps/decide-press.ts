import type { Event, PressRefusal } from '../events.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import type { Step } from '../ports.ts';
import { type PendingPress, type Request, workflowKey } from '../request.ts';
import { isUnsent } from '../transition.ts';
import { record } from './record.ts';
import { mayDecide, recordedRefusal } from './rights.ts';

/** Judges the oldest press. A refusal is told first and recorded then: if the process dies between, it is told again. */
export const decidePressed: Step = async (request, ports) => {
  const [press] = request.presses;
  if (press === undefined) return undefined;
  const refusal = await refusalOf(request, press, ports);
  if (refusal === null) {
    await ports.ledger.transaction((tx) => carryOut(tx, request.id, press));
    return undefined;
  }
  await ports.messenger.answerPress(request, press, refusal);
  const { by, interaction } = press;
  await record(request, ports, { type: 'press_refused', data: { by, interaction, refusal } });
  return undefined;
};

async function refusalOf(
  request: Request,
  press: PendingPress,
  ports: Parameters<Step>[1],
): Promise<PressRefusal | null> {
  if (!inTime(request, press)) return { kind: 'too_late', state: request.state };
  const decision = await mayDecide(request, press.by, press.choice, ports);
  return decision.permitted ? null : { kind: 'access', refusal: recordedRefusal(decision.refusal) };
}

function inTime({ state }: Request, { choice }: PendingPress): boolean {
  return choice === 'approve' ? state === 'awaiting_approval' : isUnsent(state);
}

/** Where somebody else was quicker nothing is written, and the press is judged again in the new state. */
async function carryOut(tx: LedgerTransaction, id: string, press: PendingPress): Promise<void> {
  const request = await tx.load(id);
  if (request === null) return;
  const { by, interaction } = press;
  if (press.choice === 'cancel') {
    const because = { kind: 'decided', by, interaction } as const;
    await tx.append(request, { type: 'ended', data: { outcome: 'cancelled', because, answer: null } });
    return;
  }
  const approved = await tx.append(request, { type: 'approved', data: { by, interaction } });
  if (approved?.order.verb === 'stop') await supersede(tx, approved);
}

/** The brake is never blocked: an approved stop takes the place of a command that is not sent yet. */
async function supersede(tx: LedgerTransaction, stop: Request): Promise<void> {
  const others = await tx.open(workflowKey(stop.order));
  const because = { kind: 'superseded', by: stop.id } as const;
  const event: Event = { type: 'ended', data: { outcome: 'superseded', because, answer: null } };
  for (const other of others) {
    if (other.id !== stop.id && isUnsent(other.state)) await tx.append(other, event);
  }
}
