/** The interactions in progress: a shutdown waits for them. */
export type InFlight = {
  /** Counts work as in progress until it has settled. */
  track<T>(work: Promise<T>): Promise<T>;
  isDraining(): boolean;
  /** Refuses new interactions from now on; resolves when those in progress have settled. */
  drain(): Promise<void>;
};

export function createInFlight(): InFlight {
  const inProgress = new Set<Promise<unknown>>();
  let draining = false;
  return {
    async track(work) {
      inProgress.add(work);
      try {
        return await work;
      } finally {
        inProgress.delete(work);
      }
    },
    isDraining: () => draining,
    async drain() {
      draining = true;
      while (inProgress.size > 0) await Promise.allSettled(inProgress);
    },
  };
}
