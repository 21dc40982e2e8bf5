import type { WatchChoice } from '../../../commands/command.ts';
import type { Event } from '../../events.ts';
import type { Ports, Recording } from '../../ports.ts';

/** Begins or ends a watch. Like a freeze, it takes effect with this transaction. */
export function applyWatch(choice: WatchChoice, { pausesEndAfter }: Pick<Ports, 'pausesEndAfter'>): Recording {
  return {
    async record(request, tx) {
      if (request.state !== 'approved') return [];
      const obstacle = await tx.orderWatch(request, {
        choice,
        pausesEndAfterMs: pausesEndAfter(request.order.organization),
      });
      return obstacle === null
        ? applied
        : [{ type: 'ended', data: { outcome: 'refused', because: obstacle, answer: null } }];
    },
  };
}

/** What is recorded of an order that takes effect in the ledger alone: a watch, or a freeze. */
export const applied: readonly Event[] = [
  { type: 'dispatching', data: { attempt: 1 } },
  { type: 'ended', data: { outcome: 'accepted', because: { kind: 'taken' }, answer: null } },
];
