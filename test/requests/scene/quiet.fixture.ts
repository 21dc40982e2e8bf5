import type { Ledger } from '../../../src/requests/ledger/ledger.ts';

export type Watched = {
  /** The ledger, for the runner. */
  readonly ledger: Ledger;
  /** Resolves when a round that began after this call finds nothing to do, `stuck` steps that stand before a gate aside. */
  quiet(stuck: number): Promise<void>;
  /** While it is asleep, the runner finds nothing to do. */
  setAsleep(asleep: boolean): void;
};

/** Tells when the runner has nothing left to do at this moment of the hand-moved clock, without waiting by time. */
export function watched(ledger: Ledger, now: () => number): Watched {
  const underWay = new Set<string>();
  let asleep = false;
  let waiting: { stuck: number; roundBegan: boolean; resolve: () => void }[] = [];
  return {
    ledger: {
      ...ledger,
      async claim(limit, of) {
        if (asleep) return [];
        for (const waiter of waiting) waiter.roundBegan = true;
        const claims = await ledger.claim(limit, of);
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
      async nextDueAt() {
        if (asleep) return null;
        const candidates = waiting.filter(({ stuck, roundBegan }) => roundBegan && underWay.size <= stuck);
        const at = await ledger.nextDueAt();
        if (at === null || at > now()) {
          for (const { resolve } of candidates) resolve();
          waiting = waiting.filter((waiter) => !candidates.includes(waiter));
        }
        return at;
      },
    },
    setAsleep: (is) => {
      asleep = is;
    },
    quiet: (stuck) =>
      new Promise((resolve) => {
        waiting.push({ stuck, roundBegan: false, resolve });
      }),
  };
}
