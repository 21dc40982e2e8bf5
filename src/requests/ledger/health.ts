/** Why the ledger cannot be worked with. */
export type LedgerProblem =
  | 'disk_full'
  | 'io_error'
  | 'out_of_memory'
  | 'read_only'
  | 'cannot_open'
  | 'corrupt'
  /** The file was removed or replaced while it was open: what is written now would be lost. */
  | 'file_gone'
  /** Somebody else has it. */
  | 'locked'
  | 'unreachable';

/** What is usual for a moment and becomes a problem only when it lasts. */
const momentary: ReadonlySet<LedgerProblem> = new Set(['locked', 'unreachable']);

/** How long nothing fails before a problem counts as over: a small write can pass where a larger one does not. */
const calmMs = 1_000;

export type HealthOptions = {
  readonly problemOf: (error: unknown) => LedgerProblem | null;
  /** Hears once when a problem begins, with its reason in the words of the database, and once, with null, when it is over. */
  readonly onChange: (problem: LedgerProblem | null, reason: string) => void;
  readonly now: () => number;
};

/** Whether the ledger can be worked with, judged by what was tried last. */
export type LedgerHealth = {
  problem(): LedgerProblem | null;
  /** One attempt failed. `isLast`: so did all others, and the caller has given up. */
  failed(error: unknown, isLast: boolean): void;
  written(): void;
};

export function watchHealth({ problemOf, onChange, now }: HealthOptions): LedgerHealth {
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
      // A damaged file stays damaged, whatever else goes wrong with it.
      if (current === 'corrupt' || (momentary.has(problem) && !isLast)) return;
      change(problem, reasonOf(error));
    },
    written() {
      if (current !== 'corrupt' && now() - failedAt >= calmMs) change(null, '');
    },
  };
}

/** A host with several addresses fails once for each, and says nothing of its own. */
export function reasonOf(error: unknown): string {
  const [one] = error instanceof AggregateError ? error.errors : [error];
  return Error.isError(one) ? one.message : String(one);
}

type HealthLog = Record<'info' | 'error', (fields: object, message: string) => void>;

/** A line when a problem begins, and one when it is over. */
export function logHealth(log: HealthLog): HealthOptions['onChange'] {
  return (problem, reason) => {
    if (problem === null) log.info({}, 'the ledger can be worked with again');
    else log.error({ problem, reason }, 'the ledger cannot be worked with: nothing is taken until it can');
  };
}
