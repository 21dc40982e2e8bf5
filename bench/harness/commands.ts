import { setTimeout as wait } from 'node:timers/promises';
import { createDeliveries } from './deliveries.ts';
import type { Services } from './services.ts';
import { people, type Subject } from './subject.ts';

/** People who pause workflows, each another one. */
export type Commands = {
  /** Sends one, as Slack does. Resolves with the time until it was acknowledged, in milliseconds. */
  acknowledge(): Promise<number>;
  /** Sends one. Resolves with the time until its outcome was posted. What follows the outcome is still to come. */
  outcome(): Promise<number>;
  /** Sends one. Resolves when everything about it is in the channel: also what follows the outcome. */
  wholeWay(): Promise<void>;
  /** Resolves when everything about the commands whose outcome was waited for is in the channel. */
  settled(): Promise<void>;
  close(): void;
};

/** A command that could not be recorded has no outcome: on a machine that is too busy the bot says so privately. */
const limitMs = 60_000;

/** What the channel shows of a command: an announcement that is edited once, with replies in its thread, first the outcome. */
type Course = {
  readonly workflow: string;
  repliesLeft: number;
  isEdited: boolean;
  readonly outcome: PromiseWithResolvers<void>;
  readonly end: PromiseWithResolvers<void>;
};

let serial = 0;

/** @param subjects the same program several times: its replicas, which get the commands in turn */
export function createCommands(subjects: readonly Subject[], services: Services): Commands {
  const deliveries = createDeliveries(
    subjects.map(({ url }) => url),
    services,
  );
  const byWorkflow = new Map<string, Course>();
  const byAnnouncement = new Map<string, Course>();

  services.onPost(({ ts, threadTs, body }) => {
    if (threadTs !== null) return replied(threadTs);
    const course = byWorkflow.get(/WKF\d+/.exec(body)?.[0] ?? '');
    if (course !== undefined) byAnnouncement.set(ts, course);
  });
  services.onEdit((ts) => {
    const course = byAnnouncement.get(ts);
    if (course === undefined) return;
    course.isEdited = true;
    endIfWhole(ts, course);
  });

  function replied(ts: string): void {
    const course = byAnnouncement.get(ts);
    if (course === undefined) return;
    course.repliesLeft -= 1;
    course.outcome.resolve();
    endIfWhole(ts, course);
  }

  function endIfWhole(ts: string, { workflow, repliesLeft, isEdited, end }: Course): void {
    if (repliesLeft > 0 || !isEdited) return;
    byAnnouncement.delete(ts);
    byWorkflow.delete(workflow);
    end.resolve();
  }

  function begin(): Course {
    const course = {
      workflow: nextWorkflow(),
      repliesLeft: subjects[0]?.repliesPerCommand ?? 0,
      isEdited: false,
      outcome: Promise.withResolvers<void>(),
      end: Promise.withResolvers<void>(),
    };
    byWorkflow.set(course.workflow, course);
    return course;
  }

  async function acknowledged(workflow: string): Promise<number> {
    const begun = performance.now();
    await deliveries.command(people[serial % people.length] ?? '', `pause ${workflow} bench`);
    return performance.now() - begun;
  }

  return {
    acknowledge: () => acknowledged(nextWorkflow()),
    async outcome() {
      const { workflow, outcome } = begin();
      const begun = performance.now();
      await acknowledged(workflow);
      await inTime(outcome.promise, `the outcome of ${workflow}`);
      return performance.now() - begun;
    },
    async wholeWay() {
      const { workflow, end } = begin();
      await acknowledged(workflow);
      await inTime(end.promise, `everything about ${workflow}`);
    },
    async settled() {
      const ends = [...byWorkflow.values()].map(({ end }) => end.promise);
      await inTime(Promise.all(ends), 'everything that follows the outcomes');
    },
    close: deliveries.close,
  };
}

async function inTime(promise: Promise<unknown>, expected: string): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const limit = setTimeout(
    () => reject(new Error(`${expected} did not come within a minute; is the machine too busy?`)),
    limitMs,
  );
  await Promise.race([promise, late]).finally(() => clearTimeout(limit));
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
