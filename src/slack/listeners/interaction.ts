import { z } from 'zod';
import { locales } from '../../locales/translator.ts';
import type { Invocation } from '../answers/invocation.ts';
import { formState } from '../form/read-form.ts';

/**
 * The fields that all of Slack's interactions share. On some installations `team` is null, and only the user has one.
 * On Enterprise Grid a user's own workspace may differ from the channel's.
 */
export const interaction = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string().optional(),
    username: z.string().optional(),
    name: z.string().optional(),
  }),
  team: z.object({ id: z.string() }).nullish(),
});
export type Interaction = z.output<typeof interaction>;

/** The workspace in which somebody acted. @param own the bot's, if the interaction names none */
export function workspaceOf({ team, user }: Interaction, own: string): string {
  return team?.id ?? user.team_id ?? own;
}

/** What Slack called the person then. It identifies nobody: names change, and are not unique. */
export function nameOf({ username, name }: Interaction['user']): { readonly name?: string } {
  const known = username ?? name;
  return known ? { name: known } : {};
}

/** What a button stands for, or the option that was chosen in a menu. */
const action = z
  .object({ value: z.string().optional(), selected_option: z.object({ value: z.string() }).nullish() })
  .transform(({ value, selected_option: option }) => ({ value: value ?? option?.value ?? '' }));

/** A press of a button, or a choice in a menu. */
export const pressedBody = interaction.extend({
  channel: z.object({ id: z.string() }),
  trigger_id: z.string(),
  container: z.object({ message_ts: z.string().optional(), is_ephemeral: z.boolean().nullish() }).optional(),
  response_url: z.string().optional(),
  actions: z.tuple([action]),
});
/** Whether the button was on a message that only one person sees: the bot's private answer, also as a direct message. */
export function isPrivateMessage({ channel, container }: Pick<PressedBody, 'channel' | 'container'>): boolean {
  return container?.is_ephemeral === true || channel.id.startsWith('D');
}

export type PressedBody = z.output<typeof pressedBody>;

/** A message shortcut. The bot's own messages name their request in a block. */
export const shortcutBody = interaction.extend({
  channel: z.object({ id: z.string() }),
  trigger_id: z.string(),
  message: z.object({ blocks: z.array(z.object({ block_id: z.string().default('') })).default([]) }),
});
export type ShortcutBody = z.output<typeof shortcutBody>;

/** Where a form was opened. `locale`: the form's language, used while the user's is not known. */
const origin = z.object({
  channel: z.string(),
  interaction: z.string(),
  locale: z.enum(locales).optional(),
  surface: z.literal('home').optional(),
});
const json = z.string().transform((text): unknown => JSON.parse(text));
const formOrigin = json.pipe(origin);

/** Text typed into the form's workflow field. */
export const suggestionBody = interaction.extend({
  value: z.string().default(''),
  view: z.object({ private_metadata: formOrigin }),
});
export type SuggestionBody = z.output<typeof suggestionBody>;

/** A choice in the open form. */
export const chosenBody = interaction.extend({
  view: z.object({
    id: z.string(),
    hash: z.string(),
    private_metadata: formOrigin,
    state: formState,
    blocks: z.array(z.object({ block_id: z.string().default('') })).default([]),
  }),
  actions: z.tuple([z.object({ action_ts: z.string(), action_id: z.string().optional() })]),
});
export type ChosenBody = z.output<typeof chosenBody>;

/** A submitted form. */
export const submittedBody = interaction.extend({
  view: z.object({ id: z.string(), private_metadata: formOrigin, state: formState }),
});
export type SubmittedBody = z.output<typeof submittedBody>;

/** A submitted reason, and the request that it is for. */
export const submittedReasonBody = interaction.extend({
  view: z.object({
    id: z.string(),
    private_metadata: json.pipe(origin.extend({ request: z.string() })),
    state: formState,
  }),
});
export type SubmittedReasonBody = z.output<typeof submittedReasonBody>;

/** The words of a decision, the request that it is on, and where its dialog was opened. */
export const submittedStatementBody = interaction.extend({
  view: z.object({
    id: z.string(),
    private_metadata: json.pipe(
      origin.extend({ request: z.string(), surface: z.enum(['message', 'home']).optional() }),
    ),
    state: formState,
  }),
});
export type SubmittedStatementBody = z.output<typeof submittedStatementBody>;

/** The invocation of an interaction: who acted, and where. */
export function invocationOf(
  body: Interaction & { readonly channel: { readonly id: string }; readonly trigger_id: string },
  own: string,
): Invocation {
  const { user, channel, trigger_id: interaction } = body;
  return { person: user.id, ...nameOf(user), team: workspaceOf(body, own), channel: channel.id, interaction };
}
