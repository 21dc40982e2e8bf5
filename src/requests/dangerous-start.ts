import type { WorkflowState } from './events.ts';

/** "If paused, resumes. After an error, runs the failed activity again" (Adobe Campaign documentation, start). */
export function resumesOrRepeats(reading: WorkflowState | null): reading is 'erroneous' | 'warning' {
  return reading === 'erroneous' || reading === 'warning';
}
