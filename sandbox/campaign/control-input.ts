import { z } from 'zod';
import type { FailOptions } from './fault-queue.ts';
import { FAULTS, type Fault, isFault } from './faults.ts';
import { RESTING } from './workflow-states.ts';

/** The maximum of Node's timers. */
const longestMs = 2 ** 31 - 1;
const tenYearsMs = 10 * 365 * 24 * 60 * 60 * 1000;

export const FaultName = z.custom<Fault>(isFault, 'there is no such fault');

/** `times: "always"`: until it is removed. */
export const NewFault = z
  .strictObject({
    fault: FaultName,
    times: z.union([z.int().min(1), z.literal('always')], 'has to be a whole number from 1, or "always"').default(1),
    method: z.enum(['GET', 'POST']).exactOptional(),
    workflowId: z.string().min(1).exactOptional(),
    retryAfter: z
      .union([z.int().min(0), z.string().regex(/^[\x20-\x7e]+$/), z.null()], 'has to be seconds, a date, or null')
      .exactOptional(),
    delayMs: z.int().min(0).max(longestMs).exactOptional(),
  })
  .refine(({ fault, workflowId }) => FAULTS[fault].side === 'campaign' || workflowId === undefined, {
    path: ['workflowId'],
    error: 'IMS knows no workflows',
  })
  .transform(({ fault, times, ...rest }): { fault: Fault; options: FailOptions } => ({
    fault,
    options: { ...rest, times: times === 'always' ? Number.POSITIVE_INFINITY : times },
  }));

export const PutWorkflow = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'has to be 1 to 64 letters, digits, "_" or "-"'),
  state: z.enum(RESTING, `has to be one of ${RESTING.join(', ')}`).default('editing'),
});

export const TimePassed = z.strictObject({ letPassMs: z.int().min(1).max(tenYearsMs) });

/** The parsed input, or the problem as a text. */
export type Input<T> = { ok: true; value: T } | { ok: false; problem: string };

export function readInput<T>(schema: z.ZodType<T>, body: string): Input<T> {
  const json = jsonIn(body);
  if (json === undefined) return { ok: false, problem: 'The body has to be JSON.' };
  const read = schema.safeParse(json);
  return read.success
    ? { ok: true, value: read.data }
    : { ok: false, problem: read.error.issues.map(worded).join('; ') };
}

/** Undefined where there is none. */
export function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function worded({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}
