import { ImpossibleActionError } from '../impossible-action.ts';
import type { OpenView } from '../workspace.ts';
import { allOptions, longestTextOf, type Option } from './input-block.ts';
import { type Input, inputsOf } from './inputs.ts';
import type { InputState } from './view-state.ts';

/** By block id and action id: a text, or the value of an option; null empties the input. */
export type FilledValues = Record<string, Record<string, string | null>>;

/** Fills in all values, or none where one is not possible. Returns the inputs whose value is another one now. */
export function fillIn(shown: OpenView, given: FilledValues): readonly Input[] {
  const filled = Object.entries(given).flatMap(([blockId, byAction]) =>
    Object.entries(byAction).map(([actionId, value]) => {
      const input = inputOf(shown, blockId, actionId);
      return { input, state: stateWith(shown, input, value) };
    }),
  );
  const changed = filled.filter(({ input, state }) => heldIn(state) !== heldIn(stateOf(shown, input)));
  for (const { input, state } of filled) shown.values[input.blockId] = { [input.actionId]: state };
  return changed.map(({ input }) => input);
}

function stateOf({ values }: OpenView, { blockId, actionId }: Input): InputState | undefined {
  return values[blockId]?.[actionId];
}

/** A text, or the value of an option. null: empty. */
function heldIn(state: InputState | undefined): string | null {
  if (state === undefined) return null;
  return state.type === 'plain_text_input' ? state.value : (state.selected_option?.value ?? null);
}

function inputOf({ id, view }: OpenView, blockId: string, actionId: string): Input {
  const input = inputsOf(view).find((each) => each.blockId === blockId && each.actionId === actionId);
  if (!input) throw new ImpossibleActionError(`There is no input ${actionId} in block ${blockId} of view ${id}.`);
  return input;
}

function stateWith(shown: OpenView, input: Input, value: string | null): InputState {
  const { element } = input;
  if (element.type !== 'plain_text_input')
    return { type: element.type, selected_option: value === null ? null : offered(shown, input, value) };
  if (!element.multiline && value?.includes('\n'))
    throw new ImpossibleActionError(`A line break cannot be typed into ${input.actionId}: it is not multiline.`);
  return { type: element.type, value: value || null };
}

function offered(shown: OpenView, input: Input, value: string): Option {
  const option = optionsOf(shown, input).find((each) => each.value === value);
  if (!option) throw new ImpossibleActionError(`The option ${value} of ${input.actionId} is not offered.`);
  return option;
}

/** The options of an external_select: the initial one, the selected one, and the bot's last suggestions. */
function optionsOf(shown: OpenView, input: Input): readonly Option[] {
  const { blockId, element } = input;
  if (element.type === 'plain_text_input') return [];
  if (element.type === 'static_select') return allOptions(element);
  const state = stateOf(shown, input);
  const selected = state?.type === 'external_select' ? state.selected_option : null;
  const known = [element.initial_option, selected].filter((option) => option != null);
  return [...known, ...(shown.suggested[blockId] ?? [])];
}

/** Slack's client does not submit a view with an invalid input. */
export function refuseIncomplete(shown: OpenView): void {
  for (const input of inputsOf(shown.view)) {
    const why = problemOf(input, stateOf(shown, input));
    if (why !== null) throw new ImpossibleActionError(`${input.label} (${input.actionId}) ${why}.`);
  }
}

function problemOf({ element, optional }: Input, state: InputState | undefined): string | null {
  const held = heldIn(state);
  if (held === null) return optional ? null : 'is required';
  if (element.type !== 'plain_text_input') return null;
  const { min_length = 0 } = element;
  if (held.length < min_length) return `needs at least ${min_length} characters`;
  return held.length > longestTextOf(element) ? `takes at most ${longestTextOf(element)} characters` : null;
}
