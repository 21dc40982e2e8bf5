import type { Option } from '../../../slack/views/input-block.ts';
import type { Input } from '../../../slack/views/inputs.ts';
import type { ViewState } from '../../../slack/views/view-state.ts';
import { offeredBy } from './offered.ts';

/** The value of an input: a text, or an option with its label. */
export type InputValue = { readonly text: string } | { readonly option: Option | null };

/** The changed values by the input's key. The others are as the bot sent them. */
export type Draft = Readonly<Record<string, InputValue>>;

/** The same input in another version of the view has the same key, and keeps its value. */
export function inputKey({ blockId, actionId, element }: Input): string {
  return `${blockId}/${actionId}/${element.type}`;
}

export function currentValue(input: Input, draft: Draft, values: ViewState): InputValue {
  const drafted = draft[inputKey(input)];
  if (drafted !== undefined && isOffered(input, drafted)) return drafted;
  const state = values[input.blockId]?.[input.actionId];
  if (input.element.type === 'plain_text_input') {
    return { text: state?.type === 'plain_text_input' ? (state.value ?? '') : '' };
  }
  return { option: state !== undefined && 'selected_option' in state ? state.selected_option : null };
}

function isOffered({ element }: Input, inputValue: InputValue): boolean {
  if (element.type !== 'static_select' || 'text' in inputValue || inputValue.option === null) return true;
  const { value } = inputValue.option;
  return offeredBy(element).some((option) => option.value === value);
}

/** The values as the sandbox takes them, by block ID and action ID. */
export function filledValues(entries: readonly { readonly input: Input; readonly inputValue: InputValue }[]) {
  return Object.fromEntries(
    entries.map(({ input, inputValue }) => [input.blockId, { [input.actionId]: submitted(inputValue) }]),
  );
}

/** The submitted value. null: empty. */
function submitted(inputValue: InputValue): string | null {
  if ('text' in inputValue) return inputValue.text === '' ? null : inputValue.text;
  return inputValue.option?.value ?? null;
}

/** Why the input cannot be submitted. null: it can. */
export function problemWith({ element, optional }: Input, inputValue: InputValue): string | null {
  const value = submitted(inputValue);
  if (value === null) return optional ? null : 'This is required.';
  if (element.type !== 'plain_text_input') return null;
  const { min_length: least = 0 } = element;
  return value.length < least ? `Enter at least ${least} characters.` : null;
}
