import { viewMessage } from '../api/message-view.ts';
import { type Block, type Button, buttonsOf, menusOf } from '../blocks.ts';
import { allOptions } from '../views/input-block.ts';
import type { Message, PrivateReply, User, Workspace } from '../workspace.ts';
import { channelReference, userAndTeam, VERIFICATION_TOKEN } from './payload-parts.ts';

export type PressedButton = {
  user: User;
  message: Message | PrivateReply;
  /** The button, also of an older version of the message on a person's screen, or the menu with what was chosen. */
  action: ShownAction;
  /** Of the workspace in which it was pressed; null: the app's own. */
  teamId: string | null;
  triggerId: string;
  responseUrl: string;
  actionTs: string;
};

export type ShownButton = { button: Button; blockId: string };

/** As in the payload, but for its time. `state`: what a menu shows now. */
export type ShownAction = { fields: Record<string, unknown>; state: Record<string, unknown> };

export function findButtons(blocks: readonly Block[], actionId: string): ShownButton[] {
  return blocks
    .flatMap((block) => buttonsOf(block).map((button) => ({ button, blockId: block.block_id ?? '' })))
    .filter(({ button }) => button.action_id === actionId);
}

/**
 * https://docs.slack.dev/reference/interaction-payloads/block_actions-payload: for a message that only one person sees,
 * Slack sends its place, but not its contents.
 */
export function blockActionPayload(workspace: Workspace, pressed: PressedButton): Record<string, unknown> {
  const { message } = pressed;
  return {
    type: 'block_actions',
    ...userAndTeam(workspace, pressed),
    api_app_id: workspace.bot.appId,
    token: VERIFICATION_TOKEN,
    container: containerOf(message),
    trigger_id: pressed.triggerId,
    channel: channelReference(workspace, message.channel),
    ...(isPrivate(message) ? {} : { message: viewMessage(workspace, message) }),
    state: { values: pressed.action.state },
    response_url: pressed.responseUrl,
    actions: [{ ...pressed.action.fields, action_ts: pressed.actionTs }],
  };
}

function isPrivate(message: Message | PrivateReply): message is PrivateReply {
  return 'via' in message;
}

function containerOf(message: Message | PrivateReply): Record<string, unknown> {
  const { channel, ts, threadTs } = message;
  const thread = threadTs === null ? {} : { thread_ts: threadTs };
  return { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: isPrivate(message), ...thread };
}

export function buttonAction({ button, blockId }: ShownButton): ShownAction {
  const { action_id, text, value, style, type } = button;
  const given = { ...(value !== undefined && { value }), ...(style !== undefined && { style }) };
  return { fields: { action_id, block_id: blockId, text, ...given, type }, state: {} };
}

/**
 * The choice of the option with this value, for each menu that has it
 * (https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#static_select).
 */
export function menuActions(blocks: readonly Block[], actionId: string, value: string): ShownAction[] {
  return blocks.flatMap((block) =>
    menusOf(block).flatMap((menu) => {
      const { action_id = '', type, placeholder } = menu;
      const option = allOptions(menu).find((each) => each.value === value);
      if (action_id !== actionId || option === undefined) return [];
      const block_id = block.block_id ?? '';
      const chosen = { type, selected_option: option };
      const fields = { action_id, block_id, ...chosen, ...(placeholder && { placeholder }) };
      return [{ fields, state: { [block_id]: { [action_id]: chosen } } }];
    }),
  );
}
