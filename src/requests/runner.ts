import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import { traced, traceRequest } from '../tracing/tracing.ts';
import type { Postponement } from './attempt-results.ts';
import { dueTasks } from './due.ts';
import type { Claim, Completed, Completion, DueTask } from './ledger/ledger.ts';
import { LedgerUnavailableError } from './ledger/retry.ts';
import type { Ports, StepResult } from './ports.ts';
import { type Lane, lanes, type Slots, slotsOf } from './priority.ts';
import type { Request } from './request.ts';
import { backoffMs, limits } from './retry-policy.ts';
import { firstIntent, perform } from './steps/perform.ts';

/** How many steps of each lane run at once. A full lane does not delay the others. */
const width: Slots = { stops: 24, new_stops: 8, rest: 24, replies: 8, updates: 8 };

/** Steps of stops and freezes do not wait for other work. */
const urgent: ReadonlySet<Lane> = new Set(['stops', 'new_stops']);

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
  const waiting = new Map<string, Claim>();
  const backlog = new Set<Lane>();
  const sleeper = createSleeper(ports.now);
  const turn = createTurnstile(ports);
  let healthy = true;
  let isLogged = false;
  let stopping = false;

  async function round(): Promise<void> {
    // Steps that end in the same turn of the event loop share a claim.
    await setImmediate();
    sleeper.reset();
    const slots = freeSlots();
    const claims = await ports.ledger.claim(slots);
    noteBacklog(slots, claims);
    for (const claim of claims) start(claim);
    if (!stopping && !sleeper.isWoken()) await sleeper.sleep(await nextDueAt());
  }

  /** A lane whose slots were all filled, or that had none, may have more to do, and what is most urgent goes first. */
  function noteBacklog(slots: Slots, claims: readonly Claim[]): void {
    for (const lane of lanes) {
      if (claims.filter((claim) => claim.lane === lane).length >= slots[lane]) backlog.add(lane);
      else backlog.delete(lane);
    }
  }

  /** What follows a step in its request starts at once, without being claimed again, unless others may wait. */
  function slotsForNext(): Slots {
    const free = freeSlots();
    return slotsOf((lane) => (stopping || backlog.has(lane) ? -1 : free[lane]));
  }

  function freeSlots(): Slots {
    const busy = Map.groupBy(running.values(), ({ lane }) => lane);
    return slotsOf((lane) => width[lane] - (busy.get(lane)?.length ?? 0));
  }

  /** Tasks of a full lane wait until one of its steps ends. */
  async function nextDueAt(): Promise<number | null> {
    const slots = freeSlots();
    const open = lanes.filter((lane) => slots[lane] > 0);
    for (const lane of lanes) if (slots[lane] <= 0) backlog.add(lane);
    return open.length === 0 ? null : ports.ledger.nextDueAt(open);
  }

  /**
   * A task can be claimed while this process still performs its last step: the step is about to end, or its lease has
   * ended. The new claim waits for it.
   */
  function start(claim: Claim): void {
    const key = keyOf(claim);
    if (running.has(key)) {
      waiting.set(key, claim);
      return;
    }
    const work = begin(claim).then(({ next, left }) => {
      running.delete(key);
      const waited = waiting.get(key);
      waiting.delete(key);
      for (const one of waited === undefined ? next : [...next, waited]) start(one);
      wakeFor(claim.lane, left);
    });
    running.set(key, { lane: claim.lane, work });
  }

  async function begin(claim: Claim): Promise<Ended> {
    if (!urgent.has(claim.lane)) await turn();
    return runClaim(claim, ports, slotsForNext);
  }

  /** What a step has left, of its own request or of others, is claimed when it is due. A slot that is free again is filled. */
  function wakeFor(lane: Lane, left: readonly DueTask[]): void {
    if (stopping) return;
    if (backlog.has(lane)) sleeper.wake();
    for (const { request, task, dueAt } of left) {
      if (running.has(keyOf({ request, task }))) continue;
      if (dueAt <= ports.now()) sleeper.wake();
      else sleeper.wakeAt(dueAt);
    }
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      try {
        await round();
        if (isLogged) ports.log.info({}, 'the ledger works again');
        isLogged = false;
        healthy = true;
      } catch (error) {
        // A problem of the ledger has been logged by the ledger.
        if (healthy && ports.ledger.problem() === null) {
          isLogged = true;
          ports.log.error({ err: error }, 'the ledger failed');
        }
        healthy = false;
        await sleeper.sleep(null);
      }
    }
  }

  const looping = loop();
  return {
    wake: sleeper.wake,
    isHealthy: () => healthy,
    async stop() {
      stopping = true;
      sleeper.wake();
      await looping;
      while (running.size > 0) await Promise.allSettled([...running.values()].map(({ work }) => work));
    },
  };
}

function keyOf({ request, task }: Pick<Claim, 'request' | 'task'>): string {
  return `${request} ${task}`;
}

/** Sleeps until something is due, until it is woken, and never for longer than `limits.runner.sleepMs`. */
function createSleeper(now: () => number) {
  let alarm = Promise.withResolvers<void>();
  let isWoken = false;
  let wakesAt = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  function wake(): void {
    isWoken = true;
    alarm.resolve();
  }

  /** Also shortens the next sleep, if none has begun. */
  function wakeAt(time: number): void {
    if (time >= wakesAt) return;
    wakesAt = time;
    clearTimeout(timer);
    timer = setTimeout(wake, Math.max(0, Math.min(limits.runner.sleepMs, time - now())));
  }

  return {
    wake,
    wakeAt,
    isWoken: () => isWoken,
    /** Forgets what has woken it, and when it was to wake. */
    reset(): void {
      alarm = Promise.withResolvers();
      isWoken = false;
      wakesAt = Number.POSITIVE_INFINITY;
      clearTimeout(timer);
    },
    async sleep(until: number | null): Promise<void> {
      wakeAt(until ?? now() + limits.runner.sleepMs);
      await alarm.promise;
      clearTimeout(timer);
    },
  };
}

/**
 * Keeps the event loop free for people who wait for an acknowledgement, for which Slack allows three seconds: a step begins
 * after the acknowledgements, and one in each turn of the loop. So fewer begin while turns are long.
 */
function createTurnstile({ acknowledged }: Ports): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();

  async function pass(latest: number): Promise<void> {
    const [waiting, leftMs] = [acknowledged(), latest - performance.now()];
    if (waiting !== null && leftMs > 0) await Promise.race([waiting, wait(leftMs, undefined, { ref: false })]);
    await setImmediate();
  }

  return () => {
    const latest = performance.now() + limits.runner.yieldMs;
    last = last.then(() => pass(latest));
    return last;
  };
}

/** What is claimed already after a step, and what is left to be claimed. */
type Ended = Pick<Completed, 'next' | 'left'>;

/** Runs one step of a task, records its result, and releases its claim. */
function runClaim(claim: Claim, ports: Ports, slots: () => Slots): Promise<Ended> {
  return traced(claim.task, () => runTraced(claim, ports, slots));
}

async function runTraced(claim: Claim, ports: Ports, slots: () => Slots): Promise<Ended> {
  const { request, task } = claim;
  try {
    return await end(claim, await attempt(claim, ports), ports, slots());
  } catch (error) {
    ports.log.error({ err: error, request, task }, 'the claim of a task could not be released');
    return { next: [], left: [] };
  }
}

/** Runs the step if the task is still due. */
async function attempt(claim: Claim, ports: Ports): Promise<StepResult> {
  try {
    const request = await ports.ledger.load(claim.request);
    const isDue = request !== null && (dueTasks(request).get(claim.task) ?? Number.POSITIVE_INFINITY) <= ports.now();
    if (!isDue) return undefined;
    traceRequest(request, spanName(claim.task, request));
    return await perform(claim, request, ports);
  } catch (error) {
    return afterFault(claim, error, ports);
  }
}

/** What a step is called in a trace. */
function spanName(task: Claim['task'], { state, grant }: Request): string {
  if (task !== 'advance') return task;
  if (state === 'submitted') return grant === null ? 'authorize' : 'announce';
  return state === 'approved' ? 'send' : 'end';
}

/** An unexpected error is logged, and the task is retried after the back-off. */
function afterFault({ request, task, attempts }: Claim, error: unknown, ports: Ports): Postponement {
  ports.count.fault('step');
  ports.log.error({ err: error, request, task }, 'a step failed');
  return { notBefore: ports.now() + backoffMs(attempts, ports.random()) };
}

async function end(claim: Claim, result: StepResult, ports: Ports, slots: Slots): Promise<Ended> {
  const { ledger } = ports;
  if (result !== undefined && 'notBefore' in result) return postpone(claim, result, ports);
  const { record = () => [], recorded: onRecorded, ...rest } = result ?? {};
  try {
    const intent: Completion['intent'] = (task, request, tx) => firstIntent(task, request, tx, ports);
    const { recorded, ...ended } = await ledger.complete(claim, { ...rest, record, slots, intent });
    if (recorded !== null) onRecorded?.(recorded);
    return ended;
  } catch (error) {
    if (error instanceof LedgerUnavailableError) throw error;
    return postpone(claim, afterFault(claim, error, ports), ports);
  }
}

async function postpone(claim: Claim, { notBefore, isUncounted }: Postponement, { ledger }: Ports): Promise<Ended> {
  await ledger.settle({ ...claim, attempts: claim.attempts - (isUncounted ? 1 : 0) }, notBefore);
  return { next: [], left: [{ ...claim, dueAt: notBefore }] };
}
