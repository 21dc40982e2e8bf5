import type { Block, Button } from '../../../slack/blocks.ts';

/** The nth button with that name in the blocks. */
export function nthButton(blocks: readonly Block[], actionId: string, nth: number): Button | undefined {
  return blocks.flatMap(buttonsOf).filter(({ action_id }) => action_id === actionId)[nth];
}

function buttonsOf(block: Block): readonly Button[] {
  if (block.type === 'actions') return block.elements;
  return block.type === 'section' && block.accessory ? [block.accessory] : [];
}
