import { viewMessage } from '../api/message-view.ts';
import { type Block, type Button, buttonsOf } from '../blocks.ts';
import type { Message, PrivateReply, User, Workspace } from '../workspace.ts';
import { channelReference, userAndTeam, VERIFICATION_TOKEN } from './payload-parts.ts';

export type PressedButton = {
  user: User;
  message: Message | PrivateReply;
  /** The message with the button, or an older version of it on a person's screen. */
  button: ShownButton;
  /** Of the workspace in which it was pressed; null: the app's own. */
  teamId: string | null;
  triggerId: string;
  responseUrl: string;
  actionTs: string;
};

export type ShownButton = { button: Button; blockId: string };

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
    state: { values: {} },
    response_url: pressed.responseUrl,
    actions: [actionOf(pressed)],
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

function actionOf({ button: { button, blockId }, actionTs }: PressedButton): Record<string, unknown> {
  const { action_id, text, value, style, type } = button;
  return {
    action_id,
    block_id: blockId,
    text,
    ...(value !== undefined && { value }),
    ...(style !== undefined && { style }),
    type,
    action_ts: actionTs,
  };
}
