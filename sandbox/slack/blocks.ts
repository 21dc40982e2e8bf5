import { z } from 'zod';
import { problemsOf } from './block-problems.ts';
import { anyText, filled, identifier, plainText } from './block-text.ts';
import { richTextBlock } from './rich-text.ts';
import { type InputBlock, staticSelect } from './views/input-block.ts';

// The limits are those of https://docs.slack.dev/reference/block-kit. Only the blocks that the bot may use are
// supported: other blocks of Slack are refused until they are added here with their limits.
const MOST_BLOCKS = 50;

/**
 * Slack answers `msg_blocks_too_long` past a total that it does not document (slackapi/bolt-js#2867: 9,597
 * characters were accepted, 11,341 refused; a response_url has no such limit).
 */
export const MOST_TEXT_OF_BLOCKS = 10_000;

const confirm = z.strictObject({
  title: plainText(100).optional(),
  text: anyText(300),
  confirm: plainText(30).optional(),
  deny: plainText(30).optional(),
  style: z.enum(['primary', 'danger']).optional(),
});

const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: identifier.optional(),
  value: filled(2000).optional(),
  url: z.url().max(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: confirm.optional(),
  accessibility_label: filled(75).optional(),
});

const named = { block_id: identifier.optional() };

const actions = z.strictObject({
  type: z.literal('actions'),
  elements: z
    .array(z.discriminatedUnion('type', [button, staticSelect]))
    .min(1)
    .max(25),
  ...named,
});

const section = z
  .strictObject({
    type: z.literal('section'),
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: z.discriminatedUnion('type', [button]).optional(),
    expand: z.boolean().optional(),
    ...named,
  })
  .refine((block) => block.text || block.fields, { path: ['text'], error: 'missing required field: text or fields' });

const context = z.strictObject({
  type: z.literal('context'),
  elements: z.array(anyText(3000)).min(1).max(10),
  ...named,
});

const header = z.strictObject({ type: z.literal('header'), text: plainText(150), ...named });

const divider = z.strictObject({ type: z.literal('divider'), ...named });

/** The blocks of messages and modals. */
export const MESSAGE_BLOCKS = [section, context, actions, divider, header, richTextBlock] as const;

const block = z.discriminatedUnion('type', MESSAGE_BLOCKS);

const blockList = z.array(block).max(MOST_BLOCKS).superRefine(refuseDuplicates);

export type Block = z.infer<typeof block>;
export type Button = z.infer<typeof button>;
export type Menu = z.infer<typeof staticSelect>;

export type BlockCheck = { ok: true; blocks: Block[] } | { ok: false; problems: string[] };

/** Every problem is a line such as `must be less than 3001 characters [json-pointer:/blocks/0/text/text]`. */
export function checkBlocks(given: unknown): BlockCheck {
  const checked = blockList.safeParse(given, { reportInput: true });
  return checked.success
    ? { ok: true, blocks: checked.data }
    : { ok: false, problems: problemsOf(checked.error, ['blocks']) };
}

export function refuseDuplicates(list: readonly (Block | InputBlock)[], check: z.RefinementCtx): void {
  for (const path of duplicates(list.map((each, at) => [each.block_id, [at, 'block_id']])))
    check.addIssue({ code: 'custom', path, message: '`block_id` already exists for another block' });
  for (const path of duplicateActions(list))
    check.addIssue({ code: 'custom', path, message: '`action_id` already exists for another element' });
}

type Path = (string | number)[];

/** The paths of duplicate IDs. */
function duplicates(names: [string | undefined, Path][]): Path[] {
  const seen = new Set<string>();
  return names.flatMap(([name, path]) => {
    if (name === undefined) return [];
    const again = seen.has(name);
    seen.add(name);
    return again ? [path] : [];
  });
}

function duplicateActions(list: readonly (Block | InputBlock)[]): Path[] {
  return list.flatMap((each, at) =>
    each.type === 'actions'
      ? duplicates(each.elements.map((element, nth) => [element.action_id, [at, 'elements', nth, 'action_id']]))
      : [],
  );
}

/** As Slack does when it stores a message: a block, a button or a menu without an id is given one. */
export function nameBlocks(list: Block[], newId: () => string): Block[] {
  const named = <T extends Button | Menu>(each: T): T => ({ ...each, action_id: each.action_id ?? newId() });
  return list.map((each): Block => {
    const block_id = each.block_id ?? newId();
    if (each.type === 'actions') return { ...each, block_id, elements: each.elements.map(named) };
    if (each.type === 'section' && each.accessory) return { ...each, block_id, accessory: named(each.accessory) };
    return { ...each, block_id };
  });
}

export function buttonsOf(each: Block): Button[] {
  if (each.type === 'actions') return each.elements.filter((element) => element.type === 'button');
  return each.type === 'section' && each.accessory ? [each.accessory] : [];
}

export function menusOf(each: Block): Menu[] {
  return each.type === 'actions' ? each.elements.filter((element) => element.type === 'static_select') : [];
}

/** Counts every `text` at every depth, as in the measurement of the limit. */
export function lengthOfText(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, inner]) => sum + (key === 'text' && typeof inner === 'string' ? inner.length : lengthOfText(inner)),
    0,
  );
}
