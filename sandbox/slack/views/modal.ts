import { z } from 'zod';
import { problemsOf } from '../block-problems.ts';
import { plainText } from '../block-text.ts';
import { MESSAGE_BLOCKS, nameBlocks, refuseDuplicates } from '../blocks.ts';
import { type InputBlock, inputBlock } from './input-block.ts';

const MOST_BLOCKS = 100;

const block = z.discriminatedUnion('type', [...MESSAGE_BLOCKS, inputBlock]);

// https://docs.slack.dev/reference/views/modal-views. As with blocks, unknown fields are refused.
const modal = z
  .strictObject({
    type: z.literal('modal'),
    title: plainText(24),
    blocks: z.array(block).max(MOST_BLOCKS).superRefine(refuseDuplicates),
    submit: plainText(24).optional(),
    close: plainText(24).optional(),
    private_metadata: z.string().max(3000).optional(),
    callback_id: z.string().max(255).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
  })
  .refine(({ blocks, submit }) => submit || blocks.every(({ type }) => type !== 'input'), {
    path: ['submit'],
    error: 'missing required field: submit',
  });

export type Modal = z.infer<typeof modal>;
type ModalBlock = Modal['blocks'][number];

export type ModalCheck = { ok: true; modal: Modal } | { ok: false; problems: string[] };

/** Every problem is a line such as `must be less than 25 characters [json-pointer:/view/title/text]`. */
export function checkModal(given: unknown): ModalCheck {
  const checked = modal.safeParse(given, { reportInput: true });
  return checked.success
    ? { ok: true, modal: checked.data }
    : { ok: false, problems: problemsOf(checked.error, ['view']) };
}

/** As Slack does when it opens a view: a block or element without an id is given one. */
export function nameModal(given: Modal, newId: () => string): Modal {
  const nameInput = (each: InputBlock): InputBlock => ({
    ...each,
    block_id: each.block_id ?? newId(),
    element: { ...each.element, action_id: each.element.action_id ?? newId() },
  });
  const nameBlock = (each: ModalBlock): ModalBlock[] =>
    each.type === 'input' ? [nameInput(each)] : nameBlocks([each], newId);
  return { ...given, blocks: given.blocks.flatMap(nameBlock) };
}
