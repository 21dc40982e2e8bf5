import { allOptions, type InputElement, type Option } from './input-block.ts';
import { type Input, inputsOf } from './inputs.ts';
import type { Modal } from './modal.ts';

/** The value of an input in `view.state.values`. null: empty. */
export type InputState =
  | { type: 'plain_text_input'; value: string | null }
  | { type: 'static_select' | 'external_select'; selected_option: Option | null };

/** By block id and action id. */
export type ViewState = Record<string, Record<string, InputState>>;

/** The initial values of the inputs. */
export function initialState(modal: Modal): ViewState {
  return stateOf(modal, ({ element }) => initialStateOf(element));
}

/** An input keeps its value in an update with the same block ID and action ID (slackapi/bolt-js#290). */
export function keptState(before: ViewState, modal: Modal): ViewState {
  return stateOf(modal, ({ blockId, actionId, element }) => {
    const held = before[blockId]?.[actionId];
    return held && stillFits(held, element) ? held : initialStateOf(element);
  });
}

function stateOf(modal: Modal, hold: (input: Input) => InputState): ViewState {
  return Object.fromEntries(inputsOf(modal).map((input) => [input.blockId, { [input.actionId]: hold(input) }]));
}

function initialStateOf(element: InputElement): InputState {
  if (element.type === 'plain_text_input') return { type: element.type, value: element.initial_value || null };
  return { type: element.type, selected_option: element.initial_option ?? null };
}

function stillFits(held: InputState, element: InputElement): boolean {
  if (held.type !== element.type) return false;
  if (held.type === 'plain_text_input' || element.type !== 'static_select') return true;
  return allOptions(element).some(({ value }) => value === held.selected_option?.value);
}
