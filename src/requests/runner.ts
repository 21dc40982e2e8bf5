import type { Postponement } from './attempt-results.ts';
import { dueTasks } from './due.ts';
import type { Claim } from './ledger/ledger.ts';
import type { Ports } from './ports.ts';
import { type Lane, lanes, type Slots } from './priority.ts';
import { backoffMs, limits } from './retry-policy.ts';
import { perform } from './steps/perform.ts';

/** How many steps of each lane run at once. A full lane does not delay the others. */
const width: Slots = { stops: 24, new_stops: 8, rest: 24, replies: 8 };

type RunningStep = { readonly lane: Lane; readonly work: Promise<void> };

export type Runner = {
  /** Checks for due tasks now. */
  wake(): void;
  /** Claims no more tasks. Resolves when the running steps are done. */
  stop(): Promise<void>;
  /** Whether the last access to the ledger succeeded. */
  isHealthy(): boolean;
};

/** Runs due tasks until `stop`. All waiting tasks are in the ledger, none in memory. */
export function startRunner(ports: Ports): Runner {
  const running = new Map<string, RunningStep>();
  let healthy = true;
  let stopping = false;
  let alarm = Promise.withResolvers<void>();

  const wake = () => alarm.resolve();

  async function round(): Promise<void> {
    alarm = Promise.withResolvers<void>();
    for (const claim of await ports.ledger.claim(freeSlots())) start(claim);
    if (!stopping) await sleep(await nextDueAt());
  }

  function freeSlots(): Slots {
    const busy = Map.groupBy(running.values(), ({ lane }) => lane);
    const free = (lane: Lane) => width[lane] - (busy.get(lane)?.length ?? 0);
    return { stops: free('stops'), new_stops: free('new_stops'), rest: free('rest'), replies: free('replies') };
  }

  /** Tasks of a full lane wait until one of its steps ends. */
  async function nextDueAt(): Promise<number | null> {
    const slots = freeSlots();
    const open = lanes.filter((lane) => slots[lane] > 0);
    return open.length === 0 ? null : ports.ledger.nextDueAt(open);
  }

  /** A lease can end while its step is still running in this process. The step is then not started a second time. */
  function start(claim: Claim): void {
    const key = `${claim.request} ${claim.task}`;
    if (running.has(key)) return;
    const work = runClaim(claim, ports).finally(() => {
      running.delete(key);
      wake();
    });
    running.set(key, { lane: claim.lane, work });
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
        // A problem of the ledger has been logged by the ledger.
        if (healthy && ports.ledger.problem() === null) ports.log.error({ err: error }, 'the ledger failed');
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
      while (running.size > 0) await Promise.allSettled([...running.values()].map(({ work }) => work));
    },
  };
}

/** Runs one step of a task and releases its claim. */
async function runClaim(claim: Claim, ports: Ports): Promise<void> {
  const postponement = await attempt(claim, ports);
  try {
    const attempts = claim.attempts - (postponement?.isUncounted ? 1 : 0);
    await ports.ledger.settle({ ...claim, attempts }, postponement?.notBefore);
  } catch (error) {
    ports.log.error(
      { err: error, request: claim.request, task: claim.task },
      'the claim of a task could not be released',
    );
  }
}

/** Runs the step if the task is still due. An unexpected error is logged, and the task is retried after the back-off. */
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
