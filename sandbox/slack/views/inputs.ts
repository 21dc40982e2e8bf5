import type { InputElement } from './input-block.ts';
import type { Modal } from './modal.ts';

export type Input = { blockId: string; actionId: string; label: string; optional: boolean; element: InputElement };

/** The fields of a view whose blocks have names. */
export function inputsOf({ blocks }: Modal): readonly Input[] {
  return blocks
    .filter((block) => block.type === 'input')
    .map(({ block_id: blockId = '', label, optional = false, element }) => ({
      blockId,
      actionId: element.action_id ?? '',
      label: label.text,
      optional,
      element,
    }));
}
