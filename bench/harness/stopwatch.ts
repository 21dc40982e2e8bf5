import { quantile } from './commands.ts';

/** Measures by name how long something takes. */
export type Stopwatch = {
  time<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** The median for each name since the last call, in milliseconds. */
  medians(): ReadonlyMap<string, number>;
};

export function createStopwatch(): Stopwatch {
  const times = new Map<string, number[]>();
  return {
    async time(name, work) {
      const begun = performance.now();
      const result = await work();
      times.set(name, [...(times.get(name) ?? []), performance.now() - begun]);
      return result;
    },
    medians() {
      const medians = new Map([...times].map(([name, of]) => [name, quantile(of, 0.5)]));
      times.clear();
      return medians;
    },
  };
}
