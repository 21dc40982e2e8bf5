import { isBrake } from '../access/policy.ts';
import type { EndReason } from './reasons.ts';
import type { Request } from './request.ts';

/** "Do not send several stops to one workflow" (Adobe Campaign documentation, stopping a workflow). */
export const betweenStopsMs = 600_000;

/**
 * Whether another request stands in the way. A workflow has one open request at a time; a stop waits for
 * nobody but another stop, and a freeze for nobody but another freeze.
 */
export function standsInTheWay(
  request: Request,
  others: { open: readonly Request[]; lastStop: Request | null },
  now: number,
): EndReason | null {
  const { verb } = request.order;
  const holder = others.open.find(({ id, order }) => id !== request.id && (!isBrake(verb) || isBrake(order.verb)));
  if (holder !== undefined) return { kind: 'busy', request: holder.id };
  return verb === 'stop' ? stoppedLately(others.lastStop, now) : null;
}

function stoppedLately(stop: Request | null, now: number): EndReason | null {
  if (stop?.end == null || seenFinished(stop)) return null;
  const until = stop.end.at + betweenStopsMs;
  return now < until ? { kind: 'stopped_lately', request: stop.id, until } : null;
}

function seenFinished({ observation }: Request): boolean {
  return observation?.kind === 'seen' && observation.reading === 'finished';
}
