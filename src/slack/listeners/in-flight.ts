/** What is being worked on: counted, so that a stop can wait for it. */
export type InFlight = {
  /** Counts a piece of work until it has settled. */
  track<T>(work: Promise<T>): Promise<T>;
  isDraining(): boolean;
  /** Nothing new is taken from now on; resolves when what is under way has settled. */
  drain(): Promise<void>;
};

export function createInFlight(): InFlight {
  const underWay = new Set<Promise<unknown>>();
  let draining = false;
  return {
    async track(work) {
      underWay.add(work);
      try {
        return await work;
      } finally {
        underWay.delete(work);
      }
    },
    isDraining: () => draining,
    async drain() {
      draining = true;
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}
