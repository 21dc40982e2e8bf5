/** Acknowledges an interaction to Slack. */
type Acknowledge<Response extends readonly unknown[]> = (...response: Response) => Promise<void>;

/** The interactions in progress: a shutdown waits for them. */
export type InFlight = {
  /** Counts work as in progress until it has settled. */
  track<Response extends readonly unknown[]>(
    ack: Acknowledge<Response>,
    work: (ack: Acknowledge<Response>) => Promise<void>,
  ): Promise<void>;
  /** Resolves once no interaction waits for its acknowledgement. Null if none does. */
  acknowledged(): Promise<void> | null;
  isDraining(): boolean;
  /** Refuses new interactions from now on; resolves when those in progress have settled. */
  drain(): Promise<void>;
};

export function createInFlight(): InFlight {
  const inProgress = new Set<Promise<unknown>>();
  const unacknowledged = new Set<object>();
  let allAcknowledged = Promise.withResolvers<void>();
  let draining = false;

  function acknowledged(interaction: object): void {
    unacknowledged.delete(interaction);
    if (unacknowledged.size > 0) return;
    allAcknowledged.resolve();
    allAcknowledged = Promise.withResolvers();
  }

  return {
    async track(ack, work) {
      const interaction = {};
      unacknowledged.add(interaction);
      const working = work((...response) => ack(...response).finally(() => acknowledged(interaction)));
      inProgress.add(working);
      try {
        await working;
      } finally {
        inProgress.delete(working);
        acknowledged(interaction);
      }
    },
    acknowledged: () => (unacknowledged.size === 0 ? null : allAcknowledged.promise),
    isDraining: () => draining,
    async drain() {
      draining = true;
      while (inProgress.size > 0) await Promise.allSettled(inProgress);
    },
  };
}
