import type { SlackContext } from './context.ts';
import { directChannel } from './messages.ts';
import {
  type Channel,
  directChannelId,
  findChannel,
  findMessage,
  findUser,
  findView,
  type Message,
  type OpenView,
  type User,
  type Workspace,
} from './workspace.ts';

/** The caller requested something that no person in this workspace can do. */
export class ImpossibleActionError extends Error {
  override name = 'ImpossibleActionError';
}

export function personOf(workspace: Workspace, id: string): User {
  const user = findUser(workspace, id);
  if (!user) throw new ImpossibleActionError(`There is no person ${id} in this workspace.`);
  return user;
}

export function channelOf(context: SlackContext, id: string, user: User): Channel {
  const channel = id === directChannelId(user.id) ? directChannel(context, user) : findChannel(context.workspace, id);
  if (!channel) throw new ImpossibleActionError(`There is no channel ${id} in this workspace.`);
  return channel;
}

export function messageOf(workspace: Workspace, { channel, ts }: { channel: string; ts: string }): Message {
  const message = findMessage(workspace, channel, ts);
  if (!message) throw new ImpossibleActionError(`There is no message ${ts} in ${channel}.`);
  return message;
}

export function viewOf(workspace: Workspace, { user, viewId }: { user: string; viewId: string }): OpenView {
  const shown = findView(workspace, viewId);
  if (shown?.user !== user) throw new ImpossibleActionError(`${user} has no open view ${viewId}.`);
  return shown;
}
