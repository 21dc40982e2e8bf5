import { checkpointIn } from '../../../transparency-log/checkpoint.ts';
import type { Checkpoint } from './checkpoints.ts';
import type { KeptCheckpoint } from './log-event.ts';

/** A line of a witness file: `{"time":"2026-11-10T12:00:00.000Z","checkpoint":"…"}`, the checkpoint as text with its signatures. */
export function witnessLine({ at, note }: Pick<Checkpoint, 'at' | 'note'>): string {
  return `${JSON.stringify({ time: new Date(at).toISOString(), checkpoint: note })}\n`;
}

/** Null: it is no whole line. Other programs, such as a syslog, may have put something before the JSON. */
export function readWitnessLine(line: string): KeptCheckpoint | null {
  const { time, checkpoint } = fieldsOf(line);
  const at = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  const kept = typeof checkpoint === 'string' ? keptCheckpoint(checkpoint, at) : null;
  return Number.isNaN(at) ? null : kept;
}

/** From its text. Null: it is none, or one of an empty log, which would fit every log. */
export function keptCheckpoint(note: string, at: number): KeptCheckpoint | null {
  const checkpoint = checkpointIn(note);
  if (checkpoint === null || checkpoint.size === 0) return null;
  const { origin, size, root } = checkpoint;
  return { origin, size, root: root.toString('hex'), at };
}

function fieldsOf(line: string): { readonly time?: unknown; readonly checkpoint?: unknown } {
  try {
    return JSON.parse(line.slice(Math.max(0, line.indexOf('{')))) ?? {};
  } catch {
    return {};
  }
}
