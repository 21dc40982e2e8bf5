import { z } from 'zod';
import { filled, identifier, plainText } from '../block-text.ts';

// The limits are those of https://docs.slack.dev/reference/block-kit/blocks/input-block and of the elements it links to.
const LONGEST_TEXT = 3000;
const MOST_OPTIONS = 100;

const option = z.strictObject({ text: plainText(75), value: filled(150), description: plainText(75).optional() });

export const optionList = z.array(option).max(MOST_OPTIONS);

export const optionGroups = z
  .array(z.strictObject({ label: plainText(75), options: optionList.min(1) }))
  .max(MOST_OPTIONS);

type Offered = { options?: Option[] | undefined; option_groups?: z.infer<typeof optionGroups> | undefined };

/** Slack accepts either of them. */
export function hasOptionsOnce({ options, option_groups }: Offered): boolean {
  return (options === undefined) !== (option_groups === undefined);
}

export const optionsOnce = { path: ['options'], error: 'either options or option_groups are needed' };

/** The options, with groups flattened. */
export function allOptions({ options, option_groups = [] }: Offered): Option[] {
  return options ?? option_groups.flatMap((group) => group.options);
}

const named = { action_id: identifier.optional(), placeholder: plainText(150).optional() };

// https://docs.slack.dev/reference/block-kit/composition-objects/dispatch-action-configuration-object
const dispatchActionConfig = z.strictObject({
  trigger_actions_on: z
    .array(z.enum(['on_enter_pressed', 'on_character_entered']))
    .min(1)
    .optional(),
});

const textInput = z
  .strictObject({
    type: z.literal('plain_text_input'),
    multiline: z.boolean().optional(),
    min_length: z.int().min(0).max(LONGEST_TEXT).optional(),
    max_length: z.int().min(1).max(LONGEST_TEXT).optional(),
    initial_value: z.string().optional(),
    dispatch_action_config: dispatchActionConfig.optional(),
    ...named,
  })
  .refine(({ min_length = 0, max_length = LONGEST_TEXT }) => min_length <= max_length, {
    path: ['min_length'],
    error: '`min_length` is more than `max_length`',
  });

export const staticSelect = z
  .strictObject({
    type: z.literal('static_select'),
    options: optionList.min(1).optional(),
    option_groups: optionGroups.min(1).optional(),
    initial_option: option.optional(),
    ...named,
  })
  .refine(hasOptionsOnce, optionsOnce)
  .refine((given) => !given.initial_option || allOptions(given).some((each) => isSame(each, given.initial_option)), {
    path: ['initial_option'],
    error: '`initial_option` is none of the options',
  });

const externalSelect = z.strictObject({
  type: z.literal('external_select'),
  min_query_length: z.int().min(0).optional(),
  initial_option: option.optional(),
  ...named,
});

const element = z.discriminatedUnion('type', [textInput, staticSelect, externalSelect]);

export const inputBlock = z.strictObject({
  type: z.literal('input'),
  label: plainText(2000),
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element,
  block_id: identifier.optional(),
});

export type Option = z.infer<typeof option>;
export type InputElement = z.infer<typeof element>;
export type InputBlock = z.infer<typeof inputBlock>;

function isSame(one: Option, other: Option | undefined): boolean {
  return one.value === other?.value && one.text.text === other.text.text;
}

export function longestTextOf({ max_length }: z.infer<typeof textInput>): number {
  return max_length ?? LONGEST_TEXT;
}
