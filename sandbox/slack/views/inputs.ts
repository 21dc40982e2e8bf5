import type { InputElement } from './input-block.ts';
import type { Modal } from './modal.ts';

export type Input = {
  blockId: string;
  actionId: string;
  label: string;
  optional: boolean;
  /** Whether the bot is told of each choice. */
  dispatches: boolean;
  element: InputElement;
};

/** The fields of a view whose blocks have names. */
export function inputsOf({ blocks }: Modal): readonly Input[] {
  return blocks
    .filter((block) => block.type === 'input')
    .map(({ block_id: blockId = '', label, optional = false, dispatch_action, element }) => ({
      blockId,
      actionId: element.action_id ?? '',
      label: label.text,
      optional,
      dispatches: dispatch_action ?? false,
      element,
    }));
}
