import { viewMessage } from '../api/message-view.ts';
import type { Button } from '../blocks.ts';
import { buttonsOf } from '../blocks.ts';
import type { Message, User, Workspace } from '../workspace.ts';
import { findChannel } from '../workspace.ts';
import { nameTold, VERIFICATION_TOKEN } from './slash-command.ts';

export type PressedButton = {
  user: User;
  message: Message;
  /** Where the button stood: in the message, or on the screen of somebody who sees an older one. */
  button: ShownButton;
  /** Of the workspace in which it was pressed; null: the app's own. */
  teamId: string | null;
  triggerId: string;
  responseUrl: string;
  actionTs: string;
};

export type ShownButton = { button: Button; blockId: string };

export function findButton(message: Message, actionId: string): ShownButton | undefined {
  return message.blocks
    .flatMap((block) => buttonsOf(block).map((button) => ({ button, blockId: block.block_id ?? '' })))
    .find(({ button }) => button.action_id === actionId);
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function blockActionPayload(workspace: Workspace, pressed: PressedButton): Record<string, unknown> {
  const { user, message, teamId } = pressed;
  const { team, bot } = workspace;
  const channel = findChannel(workspace, message.channel);
  return {
    type: 'block_actions',
    user: { id: user.id, username: user.name, name: user.name, team_id: teamId ?? user.teamId },
    api_app_id: bot.appId,
    token: VERIFICATION_TOKEN,
    container: containerOf(message),
    trigger_id: pressed.triggerId,
    team: { id: teamId ?? team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: message.channel, name: channel ? nameTold(channel) : '' },
    message: viewMessage(workspace, message),
    state: { values: {} },
    response_url: pressed.responseUrl,
    actions: [actionOf(pressed)],
  };
}

function containerOf({ channel, ts, threadTs }: Message): Record<string, unknown> {
  const thread = threadTs === null ? {} : { thread_ts: threadTs };
  return { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false, ...thread };
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
