import type { PressRefusal } from '../events.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import type { Ports, Step } from '../ports.ts';
import type { PendingPress, Request } from '../request.ts';
import { isUndecided, isUnsent } from '../transition.ts';
import { record } from './record.ts';
import { mayDecide, recordedRefusal } from './rights.ts';
import { supersedeOthers } from './supersede.ts';

/** How soon a press is looked at again that came early, or that somebody else was quicker than. */
const againMs = 100;

/** A look-up that failed is tried again this often, a second apart, before it refuses whoever pressed. */
const mostLookups = 3;
const betweenLookupsMs = 1_000;

/** Judges what was pressed, each by itself: a press that takes long to judge, or does not count, holds up no other. */
export const decidePressed: Step = async (request, ports, { attempts }) => {
  const ready = request.presses.filter((press) => !isEarly(request, press));
  const judged = await Promise.all(ready.map((press) => judge(request, press, ports, attempts)));
  const left = (await ports.ledger.load(request.id))?.presses ?? [];
  if (left.length === 0) return undefined;
  return { notBefore: ports.now() + (judged.includes('unknowable') ? betweenLookupsMs : againMs) };
};

/** Pressed as soon as Slack showed it, before it is on record that it does: judged when it is. */
function isEarly({ state }: Request, { choice }: PendingPress): boolean {
  return choice === 'approve' && isUndecided(state) && state !== 'awaiting_approval';
}

async function judge(
  request: Request,
  press: PendingPress,
  ports: Ports,
  attempts: number,
): Promise<'done' | 'unknowable'> {
  const refusal = await refusalOf(request, press, ports);
  if (refusal === null) {
    await ports.ledger.transaction((tx) => carryOut(tx, request.id, press));
    return 'done';
  }
  if (isUnknowable(refusal) && attempts < mostLookups) return 'unknowable';
  const { by, interaction } = press;
  await record(request, ports, { type: 'press_refused', data: { by, interaction, refusal } });
  return 'done';
}

function isUnknowable(refusal: PressRefusal): boolean {
  return refusal.kind === 'access' && refusal.refusal.reason === 'lookup_failed';
}

async function refusalOf(request: Request, press: PendingPress, ports: Ports): Promise<PressRefusal | null> {
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
  if (approved?.order.verb === 'stop') await supersedeOthers(tx, approved);
}
