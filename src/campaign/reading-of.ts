import type { WorkflowState } from './look-result.ts';

/**
 * Campaign v8 and Classic number their states. What is on its way is still in progress: a workflow that is
 * stopping has not stopped.
 */
const NUMBERS: ReadonlyMap<number, WorkflowState> = new Map([
  [0, 'editing'],
  [2, 'in_progress'],
  [10, 'in_progress'],
  [11, 'in_progress'],
  [12, 'in_progress'],
  [13, 'warning'],
  [14, 'in_progress'],
  [15, 'in_progress'],
  [16, 'in_progress'],
  [17, 'in_progress'],
  [18, 'in_progress'],
  [20, 'finished'],
]);

/** Names from the user interface, from `logicalStatus` of other resources, and those of the numbers above. */
const NAMES: Readonly<Record<WorkflowState, readonly string[]>> = {
  editing: ['edition', 'editing', 'edited'],
  in_progress: [
    'in progress',
    'inprogress',
    'started',
    'starting',
    'running',
    'pausing',
    'resuming',
    'stopping',
    'restarting',
  ],
  finished: ['finished', 'stopped'],
  warning: ['warning', 'paused'],
  erroneous: ['erroneous', 'error', 'failed'],
};

const BY_NAME: ReadonlyMap<string, WorkflowState> = new Map(
  (['editing', 'in_progress', 'finished', 'warning', 'erroneous'] as const).flatMap((reading) =>
    NAMES[reading].map((name): [string, WorkflowState] => [name, reading]),
  ),
);

/** What a state means to users; null when the value is not known to mean anything. */
export function stateOf(value: string | number): WorkflowState | null {
  if (typeof value === 'number') return NUMBERS.get(value) ?? null;
  const text = value.trim();
  if (/^\d+$/.test(text)) return NUMBERS.get(Number(text)) ?? null;
  return BY_NAME.get(text.toLowerCase().replaceAll(/[\s_-]+/g, ' ')) ?? null;
}
