import type { InputElement } from './input-block.ts';
import type { Modal } from './modal.ts';

export type Input = {
  blockId: string;
  actionId: string;
  label: string;
  optional: boolean;
  /** Whether the bot is told of each choice, or of each character of a text. */
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
      dispatches: (dispatch_action ?? false) && isReported(element),
      element,
    }));
}

/** By default, Slack tells of a text only when Enter is pressed, which people of the sandbox do not. */
function isReported(element: InputElement): boolean {
  if (element.type !== 'plain_text_input') return true;
  return element.dispatch_action_config?.trigger_actions_on?.includes('on_character_entered') ?? false;
}
