import type { Step } from './steps.ts';

/** Decides at which steps a bot is killed: at each one often enough, the earliest first. */
export type Killer = {
  /** Whether a bot is to die at this step, now. */
  wants(step: Step): boolean;
  killedAt(step: Step | 'any moment'): void;
  readonly kills: ReadonlyMap<Step | 'any moment', number>;
  total(): number;
  /** Whether each of these steps has had its kills. */
  isContent(of: readonly Step[]): boolean;
};

/** @param perStep how often at each step */
export function createKiller(perStep: number): Killer {
  const kills = new Map<Step | 'any moment', number>();
  const at = (step: Step | 'any moment') => kills.get(step) ?? 0;
  return {
    kills,
    wants: (step) => at(step) < perStep,
    killedAt: (step) => void kills.set(step, at(step) + 1),
    total: () => [...kills.values()].reduce((sum, count) => sum + count, 0),
    isContent: (of) => of.every((step) => at(step) >= perStep),
  };
}
