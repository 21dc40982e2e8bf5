import type { Block, Button } from '../../../slack/blocks.ts';

/** What a press sends: of a button, or of a menu the option that was chosen. */
export type Pressable = { readonly action_id?: string | undefined; readonly value?: string | undefined };

/** The nth button with that name in the blocks. */
export function nthButton(blocks: readonly Block[], actionId: string, nth: number): Button | undefined {
  return blocks.flatMap(buttonsOf).filter(({ action_id }) => action_id === actionId)[nth];
}

function buttonsOf(block: Block): readonly Button[] {
  if (block.type === 'actions') return block.elements.filter((element) => element.type === 'button');
  return block.type === 'section' && block.accessory ? [block.accessory] : [];
}
