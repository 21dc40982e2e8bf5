import type { Event, ProbeResult } from '../../events.ts';
import type { LedgerTransaction } from '../../ledger/ledger.ts';
import type { Ports, Step } from '../../ports.ts';
import { ending } from '../../record.ts';
import type { Request } from '../../request.ts';
import { isTooLate } from '../../retry-policy.ts';
import { changeBetween, expectedState, stateIn } from '../../rules/effect.ts';
import { findConflict } from '../../rules/exclusivity.ts';
import { probeForPeople } from '../send/probe.ts';
import { refused } from './authorize.ts';

/**
 * A command for later is due. The workflow has to be as it was when the command was asked for, and nothing may compete with
 * it. The dispatch that follows judges rights, freezes and confirmations, as for every command.
 */
export const release: Step = async (request, ports) => {
  if (isTooLate(request, ports.now())) return ending('not_sent', { kind: 'too_late' });
  const dueAt = request.grant?.dueAt ?? 0;
  if (ports.now() < dueAt) return { notBefore: dueAt };
  const seen = await probeForPeople(request, ports);
  return { record: async (current, tx) => [await decide(tx, current, seen, ports)].filter((event) => event !== null) };
};

async function decide(
  tx: LedgerTransaction,
  request: Request,
  seen: ProbeResult | null,
  { now }: Pick<Ports, 'now'>,
): Promise<Event | null> {
  if (request.state !== 'scheduled') return null;
  const change = changeBetween(stateBefore(request), seen, request.order.verb);
  if (change !== null) {
    return {
      type: 'ended',
      data: { outcome: 'superseded', because: { kind: 'changed_since', ...change }, answer: null },
    };
  }
  const obstacle = findConflict(request, await tx.competingRequests(request.order), now());
  return obstacle === null ? { type: 'approved', data: { by: null, interaction: null, seen } } : refused(obstacle);
}

/** The end of a pause is recorded before Campaign shows the pause. */
function stateBefore({ order, grant }: Request) {
  return order.after === undefined ? stateIn(grant?.seen ?? null) : expectedState.pause;
}
