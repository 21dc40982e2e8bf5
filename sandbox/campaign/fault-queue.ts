import { FAULTS, type Fault, type FaultPlan, type FaultSettings } from './faults.ts';
import type { Reply } from './reply.ts';

export type FailOptions = Partial<Omit<FaultSettings, 'met'>> & {
  /** The number of requests that it applies to; `Infinity`: until it is removed. Default 1. */
  times?: number;
  method?: 'GET' | 'POST';
  workflowId?: string;
};

/** A fault that is switched on. */
export type PlannedFault = { fault: Fault; options: FailOptions; left: number };

/** A fault that applies to a request. */
type MetFault = { effect: FaultPlan['effect']; reply(usual: Reply): Reply };

export type FaultQueue = {
  /** Returns a function that removes it. */
  add(fault: Fault, options: FailOptions): () => void;
  /** All, or all of one name. */
  clear(fault?: Fault): void;
  /** The remaining ones, in the order in which they apply. */
  list(): PlannedFault[];
  /** The first matching fault, with its count reduced by one. */
  meet(side: FaultPlan['side'], method: string, workflowId: string | undefined): MetFault | undefined;
};

type Entry = PlannedFault & { met: number };

export function createFaultQueue(): FaultQueue {
  let queue: Entry[] = [];

  return {
    add(fault, options) {
      const added: Entry = { fault, options, left: options.times ?? 1, met: 0 };
      queue.push(added);
      return () => {
        queue = queue.filter((entry) => entry !== added);
      };
    },
    clear(fault) {
      queue = fault === undefined ? [] : queue.filter((entry) => entry.fault !== fault);
    },
    list: () => queue.map(({ fault, options, left }) => ({ fault, options, left })),
    meet(side, method, workflowId) {
      const entry = queue.find((one) => FAULTS[one.fault].side === side && isMeant(one.options, method, workflowId));
      if (entry === undefined) return undefined;
      const settings: FaultSettings = { retryAfter: 1, delayMs: 300, ...entry.options, met: entry.met };
      entry.met += 1;
      entry.left -= 1;
      queue = queue.filter(({ left }) => left > 0);
      const { effect, reply } = FAULTS[entry.fault];
      return { effect, reply: (usual) => reply(settings, usual) };
    },
  };
}

function isMeant(options: FailOptions, method: string, workflowId: string | undefined): boolean {
  const { method: wantedMethod = method, workflowId: wantedId = workflowId } = options;
  return wantedMethod === method && wantedId === workflowId;
}
