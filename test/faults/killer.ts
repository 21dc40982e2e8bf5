import type { Step } from './steps.ts';

/** Decides at which steps a bot is killed: at each one often enough, the earliest first. */
export type Killer = {
  /** Whether a bot is to die at this step, now. */
  wants(step: Step): boolean;
  killedAt(step: Step | 'any moment'): void;
  readonly kills: ReadonlyMap<Step | 'any moment', number>;
  total(): number;
  /** Whether every step has had its kills. */
  isContent(): boolean;
};

/** @param perStep how often at each step */
export function createKiller(steps: readonly Step[], perStep: number): Killer {
  const kills = new Map<Step | 'any moment', number>();
  const at = (step: Step | 'any moment') => kills.get(step) ?? 0;
  return {
    kills,
    wants: (step) => at(step) < perStep,
    killedAt: (step) => void kills.set(step, at(step) + 1),
    total: () => [...kills.values()].reduce((sum, count) => sum + count, 0),
    isContent: () => steps.every((step) => at(step) >= perStep),
  };
}
