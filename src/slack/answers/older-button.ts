import { z } from 'zod';
import type { WorkflowName } from '../../commands/command.ts';
import { isWorkflowId } from '../../commands/vocabulary/ids.ts';
import { plain } from '../../locales/translator.ts';
import type { Place } from '../../requests/ledger/ledger.ts';
import type { MessageContext } from '../messages/message-context.ts';
import { actionIds } from '../names.ts';
import type { Button } from '../render.ts';
import type { Places } from './history-page.ts';

/** What a history is limited to. `since` is in milliseconds since the epoch. */
export type HistoryFilter = {
  readonly workflow: WorkflowName | null;
  readonly environment: string | null;
  readonly person: string | null;
  readonly since: number | null;
};

/** A page of a history. The channel is not part of it: it is always the one where the button is pressed. */
export type OlderPage = { readonly filter: HistoryFilter; readonly places: Places };

const time = z.int().nonnegative();
const place = z
  .tuple([time, z.string().regex(/^[0-9A-Za-z]{0,16}$/)])
  .transform(([requestedAt, id]): Place => ({ requestedAt, id }));

/** The value of the button. Whoever presses it can have changed it: it only says what to look for. */
const olderValue = z
  .object({
    workflow: z.object({ id: z.string().refine(isWorkflowId), alias: z.string().max(64).nullable() }).nullable(),
    environment: z.string().max(64).nullable(),
    person: z
      .string()
      .regex(/^[UW][A-Z0-9]{2,20}$/)
      .nullable(),
    since: time.nullable(),
    others: place,
    refused: place,
  })
  .refine(({ workflow, environment }) => workflow === null || environment !== null)
  .transform(({ others, refused, ...filter }): OlderPage => ({ filter, places: { others, refused } }));

export function olderButton({ filter, places }: OlderPage, { translator }: MessageContext): Button {
  const { others, refused } = places;
  const value = { ...filter, others: [others.requestedAt, others.id], refused: [refused.requestedAt, refused.id] };
  return {
    actionId: actionIds.olderRequests,
    value: JSON.stringify(value),
    label: plain(translator.translate('button.older')),
  };
}

/** The page that a button's value stands for; null if this version does not know it. */
export function readOlderButton(value: string): OlderPage | null {
  const json = z.preprocess((text) => parsedJson(String(text)), olderValue).safeParse(value);
  return json.success ? json.data : null;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
