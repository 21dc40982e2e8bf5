import { z } from 'zod';
import { problemsOf } from '../block-problems.ts';
import { MESSAGE_BLOCKS, refuseDuplicates } from '../blocks.ts';

/** "Max of 100 blocks" */
const MOST_BLOCKS = 100;

/** `view_too_large`: "greater than 250kb" (https://docs.slack.dev/reference/methods/views.publish). */
const MOST_BYTES = 250_000;

// https://docs.slack.dev/reference/views/home-tab-views. Only the blocks that the bot may use are supported.
const home = z.strictObject({
  type: z.literal('home'),
  blocks: z.array(z.discriminatedUnion('type', MESSAGE_BLOCKS)).max(MOST_BLOCKS).superRefine(refuseDuplicates),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
});

export type HomeTab = z.infer<typeof home>;

export type HomeCheck =
  | { ok: true; home: HomeTab }
  | { ok: false; error: 'invalid_arguments' | 'view_too_large'; problems: string[] };

export function checkHome(given: unknown): HomeCheck {
  const checked = home.safeParse(given, { reportInput: true });
  if (!checked.success) {
    return { ok: false, error: 'invalid_arguments', problems: problemsOf(checked.error, ['view']) };
  }
  const isTooLarge = Buffer.byteLength(JSON.stringify(given)) > MOST_BYTES;
  return isTooLarge ? { ok: false, error: 'view_too_large', problems: [] } : { ok: true, home: checked.data };
}
