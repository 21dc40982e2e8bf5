import type { Ledger } from '../../../src/requests/ledger/ledger.ts';

export type Watched = {
  /** The ledger, for the runner. */
  readonly ledger: Ledger;
  /** Resolves when a round that began after this call finds nothing to do, `stuck` steps that stand before a gate aside. */
  quiet(stuck: number): Promise<void>;
  /** From now on, until it wakes up, the runner finds nothing to do. Resolves when it is not just finding something either. */
  fallAsleep(): Promise<void>;
  wakeUp(): void;
};

/** Tells when the runner has nothing left to do at this moment of the hand-moved clock, without waiting by time. */
export function watched(ledger: Ledger, now: () => number): Watched {
  const underWay = new Set<string>();
  let asleep = false;
  let claiming: Promise<unknown> = Promise.resolve();
  let waiting: { stuck: number; roundBegan: boolean; resolve: () => void }[] = [];
  return {
    ledger: {
      ...ledger,
      async claim(slots) {
        if (asleep) return [];
        for (const waiter of waiting) waiter.roundBegan = true;
        const claimed = ledger.claim(slots);
        claiming = Promise.allSettled([claimed]);
        const claims = await claimed;
        for (const { request, task } of claims) underWay.add(`${request} ${task}`);
        return claims;
      },
      async settle(claim, notBefore) {
        try {
          await ledger.settle(claim, notBefore);
        } finally {
          underWay.delete(`${claim.request} ${claim.task}`);
        }
      },
      async nextDueAt(of) {
        if (asleep) return null;
        const candidates = waiting.filter(({ stuck, roundBegan }) => roundBegan && underWay.size <= stuck);
        const at = await ledger.nextDueAt(of);
        if (at === null || at > now()) {
          for (const { resolve } of candidates) resolve();
          waiting = waiting.filter((waiter) => !candidates.includes(waiter));
        }
        return at;
      },
    },
    async fallAsleep() {
      asleep = true;
      await claiming;
    },
    wakeUp: () => {
      asleep = false;
    },
    quiet: (stuck) =>
      new Promise((resolve) => {
        waiting.push({ stuck, roundBegan: false, resolve });
      }),
  };
}
