/** Why the ledger is unavailable. */
export type LedgerProblem =
  | 'disk_full'
  | 'io_error'
  | 'out_of_memory'
  | 'read_only'
  | 'cannot_open'
  | 'corrupt'
  /** The file was removed or replaced while it was open: what is written now would be lost. */
  | 'file_gone'
  /** Another process or transaction holds a lock. */
  | 'locked'
  | 'unreachable';

/** Problems that are normal for a moment and are reported only if all retries fail. */
const momentary: ReadonlySet<LedgerProblem> = new Set(['locked', 'unreachable']);

/** How long nothing may fail before a problem counts as solved: a small write can succeed where a larger one fails. */
const calmMs = 1_000;

export type HealthOptions = {
  readonly problemOf: (error: unknown) => LedgerProblem | null;
  /** Called once when a problem begins, with the database's message, and once, with null, when it is solved. */
  readonly onChange: (problem: LedgerProblem | null, reason: string) => void;
  /** Called for each attempt that fails because of a problem, after `onChange`. */
  readonly onFailed?: () => void;
  readonly now: () => number;
};

/** The availability of the ledger, according to the latest attempts. */
export type LedgerHealth = {
  problem(): LedgerProblem | null;
  /** Reports a failed attempt. `isLast`: all attempts failed, and the caller has given up. */
  failed(error: unknown, isLast: boolean): void;
  /** Reports a successful commit. */
  written(): void;
};

export function watchHealth({ problemOf, onChange, onFailed, now }: HealthOptions): LedgerHealth {
  let current: LedgerProblem | null = null;
  let failedAt = 0;

  function change(problem: LedgerProblem | null, reason: string): void {
    if (problem === current) return;
    current = problem;
    onChange(problem, reason);
  }

  return {
    problem: () => current,
    failed(error, isLast) {
      const problem = problemOf(error);
      if (problem === null) return;
      failedAt = now();
      // A corrupt file stays corrupt, whatever other problems occur.
      if (current === 'corrupt' || (momentary.has(problem) && !isLast)) return;
      change(problem, reasonOf(error));
      onFailed?.();
    },
    written() {
      if (current !== 'corrupt' && now() - failedAt >= calmMs) change(null, '');
    },
  };
}

/** The message of an error. For a host with several addresses it is that of the first: the AggregateError has none. */
export function reasonOf(error: unknown): string {
  const [first] = error instanceof AggregateError ? error.errors : [error];
  return Error.isError(first) ? first.message : String(first);
}

type HealthLog = Record<'info' | 'warn' | 'error', (fields: object, message: string) => void>;

/**
 * Logs the start and the end of a problem, with how long it has lasted and how many attempts have failed. A damaged file is
 * an error: it does not end by itself.
 *
 * @param address of the database, without credentials
 */
export function logHealth(
  log: HealthLog,
  address: string,
  clock = () => performance.now(),
): Required<Pick<HealthOptions, 'onChange' | 'onFailed'>> {
  const service = 'database';
  let since: number | null = null;
  let failedCalls = 0;
  return {
    onChange(problem, reason) {
      if (problem === null) {
        const lastedMs = Math.round(clock() - (since ?? clock()));
        log.info({ service, address, lastedMs, failedCalls }, 'the ledger is available again');
        since = null;
        failedCalls = 0;
      } else {
        since ??= clock();
        const message = 'the ledger is unavailable: nothing is accepted until it is available again';
        log[problem === 'corrupt' ? 'error' : 'warn']({ service, address, problem, reason }, message);
      }
    },
    onFailed() {
      failedCalls += 1;
    },
  };
}
