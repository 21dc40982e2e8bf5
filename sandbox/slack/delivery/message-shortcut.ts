import { viewMessage } from '../api/message-view.ts';
import type { Message, User, Workspace } from '../workspace.ts';
import { channelReference, userAndTeam, VERIFICATION_TOKEN } from './payload-parts.ts';

export type UsedShortcut = {
  user: User;
  message: Message;
  callbackId: string;
  /** Of the workspace in which it was used; null: the app's own. */
  teamId: string | null;
  triggerId: string;
  responseUrl: string;
  actionTs: string;
};

/**
 * https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload: the message with its blocks. That
 * its metadata is included is not documented.
 */
export function messageShortcutPayload(workspace: Workspace, used: UsedShortcut): Record<string, unknown> {
  const { message } = used;
  return {
    type: 'message_action',
    token: VERIFICATION_TOKEN,
    action_ts: used.actionTs,
    ...userAndTeam(workspace, used),
    channel: channelReference(workspace, message.channel),
    callback_id: used.callbackId,
    trigger_id: used.triggerId,
    message_ts: message.ts,
    message: viewMessage(workspace, message),
    response_url: used.responseUrl,
  };
}
