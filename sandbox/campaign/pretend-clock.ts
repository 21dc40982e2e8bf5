/** The pretend Campaign's clock: real time plus an offset. */
export type PretendClock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Moves it forward. Timers that become due run now, in order. */
  letPass(ms: number): void;
  /** Calls `act` at that time (milliseconds since 1970), in real time or when moved forward. Returns a function that cancels it. */
  at(time: number, act: () => void): () => void;
  close(): void;
};

type Alarm = { time: number; act: () => void; timer: NodeJS.Timeout | undefined };

/** Node's timers fire at once beyond this limit. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function createPretendClock(): PretendClock {
  const alarms = new Set<Alarm>();
  let aheadMs = 0;
  const now = () => Date.now() + aheadMs;

  function forget(alarm: Alarm): void {
    clearTimeout(alarm.timer);
    alarms.delete(alarm);
  }

  function ring(alarm: Alarm): void {
    if (!alarms.has(alarm)) return;
    forget(alarm);
    alarm.act();
  }

  function wind(alarm: Alarm): void {
    clearTimeout(alarm.timer);
    const isUp = () => (alarm.time <= now() ? ring(alarm) : wind(alarm));
    alarm.timer = setTimeout(isUp, Math.min(alarm.time - now(), LONGEST_TIMER_MS)).unref();
  }

  return {
    now,
    letPass(ms) {
      aheadMs += ms;
      const due = [...alarms].filter(({ time }) => time <= now()).sort((a, b) => a.time - b.time);
      for (const alarm of due) ring(alarm);
      for (const alarm of alarms) wind(alarm);
    },
    at(time, act) {
      const alarm: Alarm = { time, act, timer: undefined };
      alarms.add(alarm);
      wind(alarm);
      return () => forget(alarm);
    },
    close() {
      for (const alarm of alarms) forget(alarm);
    },
  };
}
