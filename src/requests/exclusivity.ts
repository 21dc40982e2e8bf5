import { isBrake } from '../access/policy.ts';
import type { EndReason } from './reasons.ts';
import type { Request } from './request.ts';
import { isUndecided } from './transition.ts';

/** "Do not send several stops to one workflow" (Adobe Campaign documentation, stopping a workflow). */
export const betweenStopsMs = 600_000;

/** The other requests about a workflow, or about all of an environment. */
export type Others = {
  readonly open: readonly Request[];
  readonly lastStop: Request | null;
  readonly lastFreeze: Request | null;
};

/**
 * Whether another request stands in the way. A workflow has one open request at a time; a stop waits for
 * nobody but another stop, and a freeze for nobody but another freeze.
 */
export function standsInTheWay(request: Request, others: Others, now: number): EndReason | null {
  const { verb } = request.order;
  const longer = verb === 'freeze' ? frozenLonger(request, others.lastFreeze, now) : null;
  if (longer !== null) return longer;
  const holder = others.open.find(({ id, order }) => id !== request.id && (!isBrake(verb) || isBrake(order.verb)));
  if (holder !== undefined) return { kind: 'busy', request: holder.id };
  return verb === 'stop' ? stoppedLately(others.lastStop, now) : null;
}

/** To end a freeze before its time takes the right to lift it, so a shorter one does not take its place. */
export function frozenLonger({ order }: Request, freeze: Request | null, now: number): EndReason | null {
  const until = freeze?.order.until ?? 0;
  if (freeze === null || until <= now || until <= (order.until ?? 0)) return null;
  return { kind: 'frozen_longer', request: freeze.id, until };
}

/** A freeze for which people still have to be asked does not hold up one that needs nobody. */
export function isFreezeInQuestion({ order, state, grant }: Request): boolean {
  return order.verb === 'freeze' && grant?.approvers != null && isUndecided(state);
}

/** Whether Campaign may have this command from the process that ended the request, and not only from an earlier one. */
export function mayHaveArrived({ end }: Request): boolean {
  const kind = end?.because.kind;
  return kind !== 'history_unreadable' && kind !== 'ledger_behind';
}

function stoppedLately(stop: Request | null, now: number): EndReason | null {
  if (stop?.end == null || seenFinished(stop) || !mayHaveArrived(stop)) return null;
  const until = stop.end.at + betweenStopsMs;
  return now < until ? { kind: 'stopped_lately', request: stop.id, until } : null;
}

function seenFinished({ observation }: Request): boolean {
  return observation?.kind === 'seen' && observation.reading === 'finished';
}
