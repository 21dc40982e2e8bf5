import type { Postponement } from './attempt-results.ts';
import { dueTasks } from './due.ts';
import type { Claim } from './ledger/ledger.ts';
import type { Ports } from './ports.ts';
import { type Lane, lanes, type Slots } from './priority.ts';
import { backoffMs, limits } from './retry-policy.ts';
import { perform } from './steps/perform.ts';

/** How many steps of each lane are under way at once. A full lane delays no other. */
const width: Slots = { stops: 24, new_stops: 8, rest: 24, replies: 8 };

type UnderWay = { readonly lane: Lane; readonly work: Promise<void> };

export type Runner = {
  /** Something may be due. */
  wake(): void;
  /** Takes nothing new; resolves when the steps under way are done. */
  stop(): Promise<void>;
  /** Whether the ledger could be read the last time. */
  isHealthy(): boolean;
};

/** One loop over what is due, from now until `stop`. All that waits, waits in the ledger. */
export function startRunner(ports: Ports): Runner {
  const underWay = new Map<string, UnderWay>();
  let healthy = true;
  let stopping = false;
  let alarm = Promise.withResolvers<void>();

  const wake = () => alarm.resolve();

  async function round(): Promise<void> {
    alarm = Promise.withResolvers<void>();
    for (const claim of await ports.ledger.claim(freeSlots())) begin(claim);
    if (!stopping) await sleep(await nextDueAt());
  }

  function freeSlots(): Slots {
    const busy = Map.groupBy(underWay.values(), ({ lane }) => lane);
    const free = (lane: Lane) => width[lane] - (busy.get(lane)?.length ?? 0);
    return { stops: free('stops'), new_stops: free('new_stops'), rest: free('rest'), replies: free('replies') };
  }

  /** What a full lane holds back waits for the end of one of its steps. */
  async function nextDueAt(): Promise<number | null> {
    const slots = freeSlots();
    const open = lanes.filter((lane) => slots[lane] > 0);
    return open.length === 0 ? null : ports.ledger.nextDueAt(open);
  }

  /** A lease can end while this process is still at the step, which is then not begun a second time. */
  function begin(claim: Claim): void {
    const key = `${claim.request} ${claim.task}`;
    if (underWay.has(key)) return;
    const work = runClaim(claim, ports).finally(() => {
      underWay.delete(key);
      wake();
    });
    underWay.set(key, { lane: claim.lane, work });
  }

  async function sleep(nextDueAt: number | null): Promise<void> {
    const untilDue = nextDueAt === null ? limits.runner.sleepMs : nextDueAt - ports.now();
    const timer = setTimeout(wake, Math.max(0, Math.min(limits.runner.sleepMs, untilDue)));
    await alarm.promise;
    clearTimeout(timer);
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      try {
        await round();
        healthy = true;
      } catch (error) {
        // A problem that the ledger knows is in the log already.
        if (healthy && ports.ledger.problem() === null)
          ports.log.error({ err: error }, 'the ledger cannot be worked with');
        healthy = false;
        await sleep(null);
      }
    }
  }

  const looping = loop();
  return {
    wake,
    isHealthy: () => healthy,
    async stop() {
      stopping = true;
      wake();
      await looping;
      while (underWay.size > 0) await Promise.allSettled([...underWay.values()].map(({ work }) => work));
    },
  };
}

/** One step of one task. What nobody planned for is logged, and the task tried again later. */
async function runClaim(claim: Claim, ports: Ports): Promise<void> {
  const putOff = await attempt(claim, ports);
  try {
    const attempts = claim.attempts - (putOff?.isUncounted ? 1 : 0);
    await ports.ledger.settle({ ...claim, attempts }, putOff?.notBefore);
  } catch (error) {
    ports.log.error({ err: error, request: claim.request, task: claim.task }, 'a task could not be given back');
  }
}

async function attempt(claim: Claim, ports: Ports): Promise<Postponement | undefined> {
  try {
    const request = await ports.ledger.load(claim.request);
    const isDue = request !== null && (dueTasks(request).get(claim.task) ?? Number.POSITIVE_INFINITY) <= ports.now();
    return isDue ? await perform(claim, request, ports) : undefined;
  } catch (error) {
    ports.count.fault('step');
    ports.log.error({ err: error, request: claim.request, task: claim.task }, 'a step failed');
    return { notBefore: ports.now() + backoffMs(claim.attempts, ports.random()) };
  }
}
