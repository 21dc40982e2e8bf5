import type { Event, ProbeResult, RecordedWorkflowState } from '../../events.ts';
import type { LedgerTransaction } from '../../ledger/ledger.ts';
import type { EndReason } from '../../outcome.ts';
import type { Ports, Step } from '../../ports.ts';
import { ending, recording } from '../../record.ts';
import type { Request } from '../../request.ts';
import { isTooLate, limits } from '../../retry-policy.ts';
import { changeBetween, conclusionOf, expectedState, stateIn } from '../../rules/effect.ts';
import { type CompetingRequests, findConflict, isAwaitingConfirmation } from '../../rules/exclusivity.ts';
import { replacementOf, supersededBy } from '../send/freeze.ts';
import { probeForPeople } from '../send/probe.ts';
import { refused } from './authorize.ts';

/**
 * A command for later is due. The workflow has to be as it was when the command was asked for. What is being sent to it ends
 * first, if that is within the two minutes: it may take the place of this command, or have failed. The dispatch that follows
 * judges rights, freezes and confirmations, as for every command.
 */
export const release: Step = async (request, ports) => {
  if (isTooLate(request, ports.now())) return ending('not_sent', { kind: 'too_late' });
  const dueAt = request.grant?.dueAt ?? 0;
  if (ports.now() < dueAt) return { notBefore: dueAt };
  if ((await verdictOf(request, ports.ledger, ports)) === 'wait')
    return { notBefore: ports.now() + limits.release.recheckMs };
  const seen = await probeForPeople(request, ports);
  return { record: async (current, tx) => [await decide(tx, current, seen, ports)].filter((event) => event !== null) };
};

/** Each item of a batch is released for itself. The batch follows them, also where they come too late. */
export const releaseBatch: Step = async ({ grant }, { now }) => {
  const dueAt = grant?.dueAt ?? 0;
  return now() < dueAt ? { notBefore: dueAt } : recording({ type: 'approved', data: { by: null, interaction: null } });
};

type Verdict = 'free' | 'wait' | EndReason;

/** Whether something else is on its way to the workflow. @param ledger where to look: within a transaction, or without a lock */
async function verdictOf(
  request: Request,
  ledger: Pick<LedgerTransaction, 'competingRequests'>,
  { now }: Pick<Ports, 'now'>,
): Promise<Verdict> {
  const obstacle = findConflict(request, withoutQuestions(await ledger.competingRequests(request.order)), now());
  if (obstacle?.kind !== 'busy') return obstacle ?? 'free';
  return isTooLate(request, now() + limits.release.recheckMs) ? obstacle : 'wait';
}

/** What somebody is only asked about does not hold up what was decided before. */
function withoutQuestions({ open, ...others }: CompetingRequests): CompetingRequests {
  return { ...others, open: open.filter((other) => !isAwaitingConfirmation(other)) };
}

async function decide(
  tx: LedgerTransaction,
  request: Request,
  seen: ProbeResult | null,
  ports: Pick<Ports, 'now'>,
): Promise<Event | null> {
  if (request.state !== 'scheduled') return null;
  const replacement = await replacementOf(tx, request, []);
  if (replacement !== null) return supersededBy(replacement.id);
  const verdict = await verdictOf(request, tx, ports);
  // It was begun since: the next try of this step waits for it.
  if (verdict === 'wait') return null;
  if (verdict !== 'free') return refused(verdict);
  const change = changeBetween(await stateBefore(tx, request, stateIn(seen)), seen, request.order.verb);
  if (change === null) return { type: 'approved', data: { by: null, interaction: null, seen } };
  return {
    type: 'ended',
    data: { outcome: 'superseded', because: { kind: 'changed_since', ...change }, answer: null },
  };
}

/**
 * The end of a pause is recorded before Campaign shows the pause. Where it never did, the workflow may still be on its way
 * to it, so one that runs has not changed.
 */
export async function stateBefore(
  tx: LedgerTransaction,
  { order, grant }: Pick<Request, 'order' | 'grant'>,
  now: RecordedWorkflowState | null,
): Promise<RecordedWorkflowState | null> {
  if (order.after === undefined) return stateIn(grant?.seen ?? null);
  const observation = (await tx.load(order.after))?.observation ?? null;
  const wasPaused = observation !== null && conclusionOf('pause', observation) === 'as_asked';
  return wasPaused || now !== 'in_progress' ? expectedState.pause : null;
}
