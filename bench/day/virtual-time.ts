type Timer = { readonly at: number; readonly fire: () => void };

/** A clock that stands still until it is moved, with timers. Nobody waits in real time. */
export type VirtualTime = {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  at(time: number, fire: () => void): void;
  wait(ms: number): Promise<void>;
  /** The time of the next timer; infinite if there is none. */
  nextAt(): number;
  /** Moves the clock, and fires what is due. */
  moveTo(time: number): void;
};

export function createVirtualTime(start: number): VirtualTime {
  let now = start;
  /** The latest first. */
  const timers: Timer[] = [];
  const time: VirtualTime = {
    now: () => now,
    at(at, fire) {
      const before = timers.findLastIndex((timer) => timer.at > at);
      timers.splice(before + 1, 0, { at, fire });
    },
    wait: (ms) => new Promise((resolve) => time.at(now + ms, resolve)),
    nextAt: () => timers.at(-1)?.at ?? Number.POSITIVE_INFINITY,
    moveTo(to) {
      now = Math.max(now, to);
      while (time.nextAt() <= now) timers.pop()?.fire();
    },
  };
  return time;
}
