import { FAULTS, type Fault, type FaultPlan, type FaultSettings } from './faults.ts';
import type { Reply } from './reply.ts';

export type FailOptions = Partial<FaultSettings> & {
  /** How many requests meet it. Default 1. */
  times?: number;
  method?: 'GET' | 'POST';
  workflowId?: string;
};

/** A fault that a request has met. */
type MetFault = { effect: FaultPlan['effect']; reply(usual: Reply): Reply };

export type FaultQueue = {
  add(fault: Fault, options: FailOptions): void;
  clear(): void;
  /** The first fault that matches, used up by one. */
  meet(side: FaultPlan['side'], method: string, workflowId: string | undefined): MetFault | undefined;
};

export function createFaultQueue(): FaultQueue {
  let queue: { plan: FaultPlan; options: FailOptions; left: number }[] = [];

  return {
    add(fault, options) {
      queue.push({ plan: FAULTS[fault], options, left: options.times ?? 1 });
    },
    clear() {
      queue = [];
    },
    meet(side, method, workflowId) {
      const met = queue.find(({ plan, options }) => plan.side === side && isMeant(options, method, workflowId));
      if (met === undefined) return undefined;
      met.left -= 1;
      queue = queue.filter(({ left }) => left > 0);
      const settings: FaultSettings = { retryAfter: 1, delayMs: 300, ...met.options };
      return { effect: met.plan.effect, reply: (usual) => met.plan.reply(settings, usual) };
    },
  };
}

function isMeant(options: FailOptions, method: string, workflowId: string | undefined): boolean {
  const { method: wantedMethod = method, workflowId: wantedId = workflowId } = options;
  return wantedMethod === method && wantedId === workflowId;
}
