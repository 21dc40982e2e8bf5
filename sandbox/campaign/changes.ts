export type Changes = {
  announce(): void;
  on(event: 'change', listener: () => void): () => void;
  waitFor<T>(predicate: () => T | undefined | false, timeoutMs?: number): Promise<T>;
};

/** Change notifications, with waits for a condition. `summary` is added to the error of a wait that times out. */
export function createChanges(summary: () => string): Changes {
  const listeners = new Set<() => void>();

  function on(_event: 'change', listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  async function waitFor<T>(predicate: () => T | undefined | false, timeoutMs = 30_000): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const check = () => {
      try {
        const value = predicate();
        if (value !== undefined && value !== false) resolve(value);
      } catch (error) {
        reject(error);
      }
    };
    const timedOut = () => reject(new Error(`Not true within ${timeoutMs} ms: ${predicate}\n${summary()}`));
    const unsubscribe = on('change', check);
    const timer = setTimeout(timedOut, timeoutMs);
    check();
    return promise.finally(() => {
      unsubscribe();
      clearTimeout(timer);
    });
  }

  return {
    announce: () => {
      for (const listener of [...listeners]) listener();
    },
    on,
    waitFor,
  };
}
