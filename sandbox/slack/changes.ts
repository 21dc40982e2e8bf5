export type Changes = {
  /** To be called when a change is complete. */
  notify: () => void;
  on: (listener: () => void) => () => void;
};

export function createChanges(): Changes {
  const listeners = new Set<() => void>();
  return {
    notify: () => {
      for (const listener of [...listeners]) listener();
    },
    on: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/** What was being waited for, and how the world looked when the patience was over. */
class WaitedInVainError extends Error {
  override name = 'WaitedInVainError';
}

export type Waiting<T> = {
  changes: Changes;
  /** Looked at now and after each change. */
  find: () => T | undefined | null | false;
  timeoutMs: number;
  /** Ends the waiting early. */
  closing: AbortSignal;
  /** How things stand, for the error. */
  describe: () => string;
};

export function waitFor<T>({ changes, find, timeoutMs, closing, describe }: Waiting<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const giveUp = (why: string) => reject(new WaitedInVainError(`${why}\n\n${describe()}`));
  const look = () => {
    try {
      const found = find();
      if (found !== undefined && found !== null && found !== false) resolve(found);
    } catch (error) {
      reject(error);
    }
  };
  const stopListening = changes.on(look);
  const onClose = () => giveUp('The pretend Slack was closed while somebody waited.');
  const timer = setTimeout(() => giveUp(`Nothing of the kind within ${timeoutMs} ms.`), timeoutMs);
  closing.addEventListener('abort', onClose);
  look();
  return promise.finally(() => {
    stopListening();
    clearTimeout(timer);
    closing.removeEventListener('abort', onClose);
  });
}
