import { z } from 'zod';
import { cut } from './cut.ts';
import { jsonIn } from './json-in.ts';
import type { WorkflowLookUp } from './look-result.ts';
import { stateOf } from './reading-of.ts';
import { redact } from './redact.ts';

const MAX_RAW = 80;
const FAILED = ', failed';

/**
 * The likely names, the likeliest first. Adobe does not document which field holds the state; other resources of
 * the same API have `logicalStatus`.
 */
const FIELDS = ['logicalStatus', 'status', 'state', 'executionState'] as const;

const value = z
  .union([z.string().trim().min(1), z.number()])
  .optional()
  .catch(undefined);
/** `failed` as a boolean, a number or a word, as databases and XML spell it. */
const flag = z
  .literal([true, 1, '1', 'true', 'True'])
  .transform(() => true)
  .catch(false);
const fields = { logicalStatus: value, status: value, state: value, executionState: value, failed: flag };
const Holder = z.object(fields);
const inner = Holder.optional().catch(undefined);
const Shown = Holder.extend({ execution: inner, workflow: inner });

type Holder = z.infer<typeof Holder>;
type Found = { field: string; value: string | number };

/** Reads the state of a workflow from the body of a GET, as a best effort. Never fails on what it finds. */
export function readState(
  body: string,
  secrets: readonly string[],
): Extract<WorkflowLookUp, { kind: 'seen' | 'not_shown' }> {
  const shown = Shown.safeParse(jsonIn(body));
  if (!shown.success) return { kind: 'not_shown' };
  const holders = holdersIn(shown.data);
  const failed = holders.some(({ holder }) => holder.failed);
  const found = holders.map(({ prefix, holder }) => stateIn(holder, prefix)).find((state) => state !== undefined);
  if (found === undefined) return failed ? seenFailedOnly() : { kind: 'not_shown' };
  return seen(found, failed, secrets);
}

function holdersIn(shown: z.infer<typeof Shown>): { prefix: string; holder: Holder }[] {
  const { execution, workflow } = shown;
  const inside = [
    ...(execution === undefined ? [] : [{ prefix: 'execution.', holder: execution }]),
    ...(workflow === undefined ? [] : [{ prefix: 'workflow.', holder: workflow }]),
  ];
  return [{ prefix: '', holder: shown }, ...inside];
}

function stateIn(holder: Holder, prefix: string): Found | undefined {
  for (const field of FIELDS) {
    const value = holder[field];
    if (value !== undefined) return { field: prefix + field, value };
  }
  return undefined;
}

function seen({ field, value }: Found, failed: boolean, secrets: readonly string[]): WorkflowLookUp & { kind: 'seen' } {
  const raw = redact(String(value).toWellFormed().replaceAll('\0', '\uFFFD'), secrets);
  if (!failed) return { kind: 'seen', reading: stateOf(value), field, raw: cut(raw, MAX_RAW) };
  return { kind: 'seen', reading: 'erroneous', field, raw: cut(raw, MAX_RAW - FAILED.length) + FAILED };
}

function seenFailedOnly(): WorkflowLookUp & { kind: 'seen' } {
  return { kind: 'seen', reading: 'erroneous', field: 'failed', raw: 'failed' };
}
