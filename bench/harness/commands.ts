import { setTimeout as wait } from 'node:timers/promises';
import { createDeliveries } from './deliveries.ts';
import type { Services } from './services.ts';
import { people } from './subject.ts';

/** People who pause workflows, each another one. */
export type Commands = {
  /** Sends one, as Slack does. Resolves with the time until it was acknowledged, in milliseconds. */
  acknowledge(): Promise<number>;
  /** Sends one. Resolves with the time until its outcome was posted. */
  outcome(): Promise<number>;
  close(): void;
};

/** A command that could not be recorded has no outcome. */
const outcomeLimitMs = 60_000;

let serial = 0;

/** @param urls the program's addresses, in turn: one for each replica */
export function createCommands(urls: readonly string[], services: Services): Commands {
  const deliveries = createDeliveries(urls);
  const workflowOf = new Map<string, string>();
  const waiting = new Map<string, () => void>();
  // An announcement names its workflow; the outcome is the first reply in its thread.
  services.onPost(({ ts, threadTs, body }) => {
    if (threadTs === null) {
      const workflow = /WKF\d+/.exec(body)?.[0] ?? '';
      if (waiting.has(workflow)) workflowOf.set(ts, workflow);
      return;
    }
    const workflow = workflowOf.get(threadTs);
    if (workflow === undefined) return;
    workflowOf.delete(threadTs);
    waiting.get(workflow)?.();
    waiting.delete(workflow);
  });

  async function send(workflow: string): Promise<number> {
    const begun = performance.now();
    await deliveries.command(people[serial % people.length] ?? '', `pause ${workflow} bench`);
    return performance.now() - begun;
  }

  return {
    acknowledge: () => send(nextWorkflow()),
    async outcome() {
      const workflow = nextWorkflow();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.set(workflow, resolve);
      const limit = setTimeout(() => reject(new Error(`there is no outcome for ${workflow}`)), outcomeLimitMs);
      const begun = performance.now();
      await send(workflow);
      await promise.finally(() => clearTimeout(limit));
      return performance.now() - begun;
    },
    close: deliveries.close,
  };
}

function nextWorkflow(): string {
  serial += 1;
  return `WKF${100_000 + serial}`;
}

/** Calls `work` `count` times, `width` of them at once. Resolves with the results. */
export async function atOnce<T>(width: number, count: number, work: () => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  let left = count;
  const worker = async () => {
    while (left-- > 0) results.push(await work());
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

/** Calls `work` every `intervalMs`. Resolves with the results. */
export async function everyMs<T>(intervalMs: number, count: number, work: () => Promise<T>): Promise<readonly T[]> {
  const results: Promise<T>[] = [];
  for (let index = 0; index < count; index++) {
    results.push(work());
    await wait(intervalMs);
  }
  return Promise.all(results);
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
