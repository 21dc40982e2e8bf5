import type { Option } from '../../../slack/views/input-block.ts';
import type { Input } from '../../../slack/views/inputs.ts';
import type { ViewState } from '../../../slack/views/view-state.ts';
import { offeredBy } from './offered.ts';

/** The value of an input: a text, or an option with its label. */
export type Held = { readonly text: string } | { readonly option: Option | null };

/** The changed values by the input's key. The others are as the bot sent them. */
export type Draft = Readonly<Record<string, Held>>;

/** The same input in another version of the view has the same key, and keeps its value. */
export function inputKey({ blockId, actionId, element }: Input): string {
  return `${blockId}/${actionId}/${element.type}`;
}

export function heldIn(input: Input, draft: Draft, values: ViewState): Held {
  const drafted = draft[inputKey(input)];
  if (drafted !== undefined && isOffered(input, drafted)) return drafted;
  const state = values[input.blockId]?.[input.actionId];
  if (input.element.type === 'plain_text_input') {
    return { text: state?.type === 'plain_text_input' ? (state.value ?? '') : '' };
  }
  return { option: state !== undefined && 'selected_option' in state ? state.selected_option : null };
}

function isOffered({ element }: Input, held: Held): boolean {
  if (element.type !== 'static_select' || 'text' in held || held.option === null) return true;
  const { value } = held.option;
  return offeredBy(element).some((option) => option.value === value);
}

/** The submitted value. null: empty. */
export function submitted(held: Held): string | null {
  if ('text' in held) return held.text === '' ? null : held.text;
  return held.option?.value ?? null;
}

/** Why the input cannot be submitted. null: it can. */
export function problemWith({ element, optional }: Input, held: Held): string | null {
  const value = submitted(held);
  if (value === null) return optional ? null : 'This is required.';
  if (element.type !== 'plain_text_input') return null;
  const { min_length: least = 0 } = element;
  return value.length < least ? `Enter at least ${least} characters.` : null;
}
