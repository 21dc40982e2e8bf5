import type { Reading } from './events.ts';

/** "If paused, resumes. After an error, runs the failed activity again" (Adobe Campaign documentation, start). */
export function resumesOrRepeats(reading: Reading | null): reading is 'erroneous' | 'warning' {
  return reading === 'erroneous' || reading === 'warning';
}
