/** The time of the pretend Campaign: real time, and as much more as it was moved on. */
export type PretendClock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Moves it on by so much, at once; what was due in between happens now, in order. */
  letPass(ms: number): void;
  /** Acts when it is that late (milliseconds since 1970), whether in real time or moved on. Gives back how to forget it. */
  at(time: number, act: () => void): () => void;
  close(): void;
};

type Alarm = { time: number; act: () => void; timer: NodeJS.Timeout | undefined };

/** Node's timers go off at once beyond that. */
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
