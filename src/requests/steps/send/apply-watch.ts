import type { WatchChoice } from '../../../commands/command.ts';
import type { Ports, Recording } from '../../ports.ts';
import { applied } from './dispatching.ts';

/** Begins or ends a watch. Like a freeze, it takes effect with this transaction. */
export function applyWatch(
  choice: WatchChoice,
  judged: { readonly rule: string },
  { pausesEndAfter }: Pick<Ports, 'pausesEndAfter'>,
): Recording {
  return {
    async record(request, tx) {
      if (request.state !== 'approved') return [];
      const obstacle = await tx.orderWatch(request, {
        choice,
        pausesEndAfterMs: pausesEndAfter(request.order.organization),
      });
      return obstacle === null
        ? applied(request, judged)
        : [{ type: 'ended', data: { outcome: 'refused', because: obstacle, answer: null } }];
    },
  };
}
