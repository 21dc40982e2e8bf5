import { backoffMs } from '../backoff.ts';
import type { PressRefusal } from '../events.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import type { Ports, Posted, Step } from '../ports.ts';
import type { PendingPress, Request } from '../request.ts';
import { isUndecided, isUnsent } from '../transition.ts';
import { record } from './record.ts';
import { mayDecide, recordedRefusal } from './rights.ts';
import { supersedeOthers } from './supersede.ts';

/** How often it is tried to tell somebody that a press did not count. */
const mostTries = 10;

/** How long a press that comes meanwhile waits for that at the most. */
const mostWaitMs = 5_000;

/** How soon a press that came early is looked at again. */
const earlyMs = 100;

/**
 * Judges the oldest press. A refusal is told first and recorded then: if the process dies between, it is
 * told again. Who cannot be told at the moment holds up nobody else.
 */
export const decidePressed: Step = async (request, ports, attempts) => {
  for (const press of request.presses) {
    if (isEarly(request, press)) continue;
    const refusal = await refusalOf(request, press, ports);
    if (refusal === null) {
      await ports.ledger.transaction((tx) => carryOut(tx, request.id, press));
      return undefined;
    }
    if (await isSettled(request, press, refusal, ports, attempts)) {
      const { by, interaction } = press;
      await record(request, ports, { type: 'press_refused', data: { by, interaction, refusal } });
      return undefined;
    }
  }
  if (request.presses.length === 0) return undefined;
  const early = request.presses.every((press) => isEarly(request, press));
  return { notBefore: ports.now() + (early ? earlyMs : Math.min(mostWaitMs, backoffMs(attempts, ports.random()))) };
};

/** Pressed as soon as Slack showed it, before it is on record that it does: judged when it is. */
function isEarly({ state }: Request, { choice }: PendingPress): boolean {
  return choice === 'approve' && isUndecided(state) && state !== 'awaiting_approval';
}

/** Whether the person was told, or will not be any more. */
async function isSettled(
  request: Request,
  press: PendingPress,
  refusal: PressRefusal,
  ports: Ports,
  attempts: number,
): Promise<boolean> {
  const about = { request: request.id, by: press.by, refusal };
  const posted = await ports.messenger.answerPress(request, press, refusal).catch((error: unknown): Posted => {
    ports.count.fault('step');
    ports.log.error({ err: error, ...about }, 'a step failed');
    return { kind: 'doubt' };
  });
  if (posted.kind === 'posted') return true;
  const mayPass = posted.kind !== 'refused' || posted.reason === 'unreachable';
  if (mayPass && attempts < mostTries) return false;
  ports.log.warn(about, 'nobody could be told that a press did not count');
  return true;
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
