import type { Claim, Ledger } from '../../../src/requests/ledger/ledger.ts';
import { lanes } from '../../../src/requests/priority.ts';

export type WatchedLedger = {
  /** The ledger, for the runner. */
  readonly ledger: Ledger;
  /** Resolves when a round that started after this call finds no due task. `blocked` steps may wait at a gate meanwhile. */
  untilIdle(blocked: number): Promise<void>;
  /** Returns no task to the runner until `resume`. Resolves when no claim is in progress. */
  suspend(): Promise<void>;
  resume(): void;
};

/**
 * Detects when the runner is idle at the current time of the fake clock, without real waiting.
 *
 * @param wake starts a round of the runner: it starts none by itself after a step that leaves nothing to do
 */
export function watchLedger(ledger: Ledger, now: () => number, wake: () => void): WatchedLedger {
  const underWay = new Set<string>();
  let suspended = false;
  let claiming: Promise<unknown> = Promise.resolve();
  let waiting: { blocked: number; roundStarted: boolean; resolve: () => void }[] = [];

  function stepEnded(claim: Claim, next: readonly Claim[]): void {
    underWay.delete(`${claim.request} ${claim.task}`);
    for (const { request, task } of next) underWay.add(`${request} ${task}`);
    if (waiting.length > 0) wake();
  }

  return {
    ledger: {
      ...ledger,
      async claim(slots) {
        if (suspended) return [];
        for (const waiter of waiting) waiter.roundStarted = true;
        const claimed = ledger.claim(slots);
        claiming = Promise.allSettled([claimed]);
        const claims = await claimed;
        for (const { request, task } of claims) underWay.add(`${request} ${task}`);
        return claims;
      },
      async complete(claim, completion) {
        try {
          const completed = await ledger.complete(claim, completion);
          // In one go, so that the runner never looks idle between a step and the next one.
          stepEnded(claim, completed.next);
          return completed;
        } catch (error) {
          stepEnded(claim, []);
          throw error;
        }
      },
      async settle(claim, notBefore) {
        try {
          await ledger.settle(claim, notBefore);
        } finally {
          stepEnded(claim, []);
        }
      },
      async nextDueAt(of) {
        if (suspended) return null;
        const candidates = waiting.filter(({ blocked, roundStarted }) => roundStarted && underWay.size <= blocked);
        // A lane that was full a moment ago is left out of `of`. With no step under way, nothing may be due in any lane.
        const first = await ledger.nextDueAt(underWay.size === 0 ? lanes : of);
        if (first === null || first > now()) {
          for (const { resolve } of candidates) resolve();
          waiting = waiting.filter((waiter) => !candidates.includes(waiter));
        }
        return ledger.nextDueAt(of);
      },
    },
    async suspend() {
      suspended = true;
      await claiming;
    },
    resume: () => {
      suspended = false;
    },
    untilIdle: (blocked) =>
      new Promise((resolve) => {
        waiting.push({ blocked, roundStarted: false, resolve });
      }),
  };
}
