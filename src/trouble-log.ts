type Log = Record<'info' | 'warn', (fields: object, message: string) => void>;

/** How the lines of one trouble are written. `fields` are in each of its lines. */
export type TroubleTexts = {
  readonly begins: string;
  readonly ends: string;
  readonly fields: Readonly<Record<string, unknown>>;
};

/** Watches something that can be in trouble: Slack, one Campaign, one client of IMS. */
export type TroubleWatch = {
  /** A call failed. `fields` are logged with the first call that fails for this reason. */
  failed(reason: string, fields: object): void;
  /** A call succeeded. */
  worked(): void;
};

export type TroubleLog = {
  /**
   * The same key is the same trouble, also after the configuration was reloaded; the newest texts count.
   * @param calmMs how long nothing may fail after a success before the trouble is over; default: that of the log
   */
  watch(key: string, texts: TroubleTexts, calmMs?: number): TroubleWatch;
  /** Logs the end of each trouble whose last call succeeded. */
  flush(): void;
};

/** Not in trouble without `since`. `reasons` are in the order in which they were met, `before` those of the last time. */
type Trouble = {
  texts: TroubleTexts;
  since: number | null;
  reasons: Set<string>;
  before: ReadonlySet<string>;
  failedCalls: number;
  /** Set while a success may be the end. */
  ending: { readonly at: number; readonly cancel: () => void } | null;
  endedAt: number;
  /** How often it has begun again soon after its end. */
  relapses: number;
};

const defaultCalmMs = 1_000;

/** A trouble that begins again for the same reason within this time has relapsed. */
const relapseMs = 60_000;

/** From the third relapse on, each doubles the time that has to be calm. */
const freeRelapses = 2;
const mostCalmMs = 60_000;

export type TroubleLogOptions = {
  readonly log: Log;
  /** Default: 1,000. 0: a success ends a trouble at once. */
  readonly calmMs?: number;
  /** A monotonic clock, in milliseconds. */
  readonly clock?: () => number;
  /** Calls `run` after a time, unless it is cancelled. */
  readonly schedule?: (run: () => void, ms: number) => () => void;
};

/** Does not keep the process alive. */
function startTimer(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
}

/**
 * Logs each trouble when it begins, once for each reason, and when it ends: how long it has lasted, and how many calls
 * have failed. A trouble that comes and goes is one trouble.
 */
export function createTroubleLog({
  log,
  calmMs: usualCalmMs = defaultCalmMs,
  clock = () => performance.now(),
  schedule = startTimer,
}: TroubleLogOptions): TroubleLog {
  const troubles = new Map<string, Trouble>();

  function failed(trouble: Trouble, reason: string, fields: object): void {
    trouble.ending?.cancel();
    trouble.ending = null;
    if (trouble.since === null) begin(trouble, reason);
    trouble.failedCalls += 1;
    if (trouble.reasons.has(reason)) return;
    trouble.reasons.add(reason);
    log.warn({ ...trouble.texts.fields, reason, ...fields }, trouble.texts.begins);
  }

  function begin(trouble: Trouble, reason: string): void {
    trouble.since = clock();
    const isRelapse = trouble.since - trouble.endedAt < relapseMs && trouble.before.has(reason);
    trouble.relapses = isRelapse ? trouble.relapses + 1 : 0;
  }

  function worked(trouble: Trouble, calmMs: number): void {
    if (trouble.since === null || trouble.ending !== null) return;
    const waitMs = waitFor(trouble.relapses, calmMs);
    const cancel = waitMs === 0 ? () => {} : schedule(() => end(trouble), waitMs);
    trouble.ending = { at: clock(), cancel };
    if (waitMs === 0) end(trouble);
  }

  function end(trouble: Trouble): void {
    const { since, ending, texts, reasons, failedCalls } = trouble;
    if (since === null || ending === null) return;
    ending.cancel();
    log.info(
      { ...texts.fields, reasons: [...reasons], lastedMs: Math.round(ending.at - since), failedCalls },
      texts.ends,
    );
    const over = { since: null, ending: null, failedCalls: 0, reasons: new Set(), before: reasons, endedAt: clock() };
    Object.assign(trouble, over);
  }

  return {
    watch(key, texts, calmMs = usualCalmMs) {
      const trouble = troubles.get(key) ?? newTrouble(texts);
      trouble.texts = texts;
      troubles.set(key, trouble);
      return {
        failed: (reason, fields) => failed(trouble, reason, fields),
        worked: () => worked(trouble, calmMs),
      };
    },
    flush() {
      for (const trouble of troubles.values()) end(trouble);
    },
  };
}

function waitFor(relapses: number, calmMs: number): number {
  if (relapses <= freeRelapses) return calmMs;
  return Math.min(Math.max(calmMs, defaultCalmMs) * 2 ** (relapses - freeRelapses), Math.max(calmMs, mostCalmMs));
}

function newTrouble(texts: TroubleTexts): Trouble {
  return {
    ...{ texts, since: null, reasons: new Set<string>(), before: new Set<string>(), failedCalls: 0, ending: null },
    ...{ endedAt: Number.NEGATIVE_INFINITY, relapses: 0 },
  };
}
