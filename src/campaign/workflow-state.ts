import { z } from 'zod';
import { cut, jsonIn, redact } from './body-text.ts';
import type { CampaignState, WorkflowObservation } from './results.ts';

const maxRawLength = 80;
const failedSuffix = ', failed';

/**
 * The likely fields, in order of likelihood. Adobe does not document which field holds the state. Other resources of
 * the same API have `logicalStatus`.
 */
const stateFields = ['logicalStatus', 'status', 'state', 'executionState'] as const;

const value = z
  .union([z.string().trim().min(1), z.number()])
  .optional()
  .catch(undefined);
/** `failed` as a boolean, a number or a word, as databases and XML write it. */
const flag = z
  .literal([true, 1, '1', 'true', 'True'])
  .transform(() => true)
  .catch(false);
const fields = { logicalStatus: value, status: value, state: value, executionState: value, failed: flag };
const holderSchema = z.object(fields);
const inner = holderSchema.optional().catch(undefined);
const shownSchema = holderSchema.extend({ execution: inner, workflow: inner });

type StateHolder = z.infer<typeof holderSchema>;
type FoundState = { readonly field: string; readonly value: string | number };

/** Reads the state of a workflow from the body of a GET, as a best effort. Never fails. */
export function readState(
  body: string,
  secrets: readonly string[],
): Extract<WorkflowObservation, { kind: 'seen' | 'not_shown' }> {
  const shown = shownSchema.safeParse(jsonIn(body));
  if (!shown.success) return { kind: 'not_shown' };
  const holders = holdersIn(shown.data);
  const failed = holders.some(({ holder }) => holder.failed);
  const found = holders.map(({ prefix, holder }) => stateIn(holder, prefix)).find((state) => state !== undefined);
  if (found === undefined) return failed ? seenFailedOnly() : { kind: 'not_shown' };
  return seen(found, failed, secrets);
}

/**
 * A moment in UTC, or with an offset, such as `2030-01-01 06:30:00.000Z`: Adobe documents the field and not its format. A
 * time without a zone would be a guess.
 */
const momentShape = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})$/;

const processed = z.looseObject({ nextProcessingDate: z.string().optional().catch(undefined) });

/** When Campaign processes the workflow next, in milliseconds since the epoch; null where the body of a GET does not say. */
export function readNextProcessing(body: string): number | null {
  const parsed = processed.safeParse(jsonIn(body));
  const [, date, time, zone] = momentShape.exec(parsed.data?.nextProcessingDate?.trim() ?? '') ?? [];
  const at = Date.parse(`${date}T${time}${zone}`);
  return Number.isNaN(at) ? null : at;
}

function holdersIn(
  shown: z.infer<typeof shownSchema>,
): readonly { readonly prefix: string; readonly holder: StateHolder }[] {
  const { execution, workflow } = shown;
  const inside = [
    ...(execution === undefined ? [] : [{ prefix: 'execution.', holder: execution }]),
    ...(workflow === undefined ? [] : [{ prefix: 'workflow.', holder: workflow }]),
  ];
  return [{ prefix: '', holder: shown }, ...inside];
}

function stateIn(holder: StateHolder, prefix: string): FoundState | undefined {
  for (const field of stateFields) {
    const value = holder[field];
    if (value !== undefined) return { field: prefix + field, value };
  }
  return undefined;
}

function seen(
  { field, value }: FoundState,
  failed: boolean,
  secrets: readonly string[],
): WorkflowObservation & { kind: 'seen' } {
  const raw = redact(String(value).toWellFormed().replaceAll('\0', '\uFFFD'), secrets);
  if (!failed) return { kind: 'seen', reading: stateOf(value), field, raw: cut(raw, maxRawLength) };
  return {
    kind: 'seen',
    reading: 'erroneous',
    field,
    raw: cut(raw, maxRawLength - failedSuffix.length) + failedSuffix,
  };
}

function seenFailedOnly(): WorkflowObservation & { kind: 'seen' } {
  return { kind: 'seen', reading: 'erroneous', field: 'failed', raw: 'failed' };
}

/**
 * Campaign v8 and Classic number their states. A transition counts as in progress: a workflow that is stopping has not
 * stopped.
 */
const statesByNumber: ReadonlyMap<number, CampaignState> = new Map([
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

/** Names from the user interface, from `logicalStatus` of other resources, and of the numbers above. */
const namesByState: Readonly<Record<CampaignState, readonly string[]>> = {
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

const statesByName: ReadonlyMap<string, CampaignState> = new Map(
  (['editing', 'in_progress', 'finished', 'warning', 'erroneous'] as const).flatMap((reading) =>
    namesByState[reading].map((name): [string, CampaignState] => [name, reading]),
  ),
);

/** The state that users know for a value of Campaign's; null if the value is unknown. */
export function stateOf(value: string | number): CampaignState | null {
  if (typeof value === 'number') return statesByNumber.get(value) ?? null;
  const text = value.trim();
  if (/^\d+$/.test(text)) return statesByNumber.get(Number(text)) ?? null;
  return statesByName.get(text.toLowerCase().replaceAll(/[\s_-]+/g, ' ')) ?? null;
}
