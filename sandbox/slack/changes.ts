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

/** The condition that did not become true in time, with the state at the time limit. */
class WaitTimeoutError extends Error {
  override name = 'WaitTimeoutError';
}

export type Waiting<T> = {
  changes: Changes;
  /** Called now and after each change. */
  find: () => T | undefined | null | false;
  timeoutMs: number;
  /** Ends the wait early. */
  closing: AbortSignal;
  /** The current state, for the error. */
  describe: () => string;
};

export function waitFor<T>({ changes, find, timeoutMs, closing, describe }: Waiting<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const giveUp = (why: string) => reject(new WaitTimeoutError(`${why}\n\n${describe()}`));
  const check = () => {
    try {
      const found = find();
      if (found !== undefined && found !== null && found !== false) resolve(found);
    } catch (error) {
      reject(error);
    }
  };
  const stopListening = changes.on(check);
  const onClose = () => giveUp('The pretend Slack was closed during a wait.');
  const timer = setTimeout(() => giveUp(`Nothing found within ${timeoutMs} ms.`), timeoutMs);
  closing.addEventListener('abort', onClose);
  check();
  return promise.finally(() => {
    stopListening();
    clearTimeout(timer);
    closing.removeEventListener('abort', onClose);
  });
}
