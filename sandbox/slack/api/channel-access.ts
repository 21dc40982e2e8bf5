import type { SlackContext } from '../context.ts';
import { directChannel } from '../messages.ts';
import { type Channel, findChannel, findUser, hasBot, kindOf } from '../workspace.ts';
import { type Failure, failure, missingScope } from './answer.ts';

export type ChannelAccess = { ok: true; channel: Channel } | Failure;

/** A channel that is visible to the bot: private ones only as a member. */
export function visibleChannel({ workspace }: SlackContext, id: string): ChannelAccess {
  const channel = findChannel(workspace, id);
  if (!channel) return failure('channel_not_found');
  return kindOf(channel) === 'channels' || hasBot(workspace, channel)
    ? { ok: true, channel }
    : failure('channel_not_found');
}

/** With the scope that this kind of channel needs, `channels:read` or `groups:history` for instance. */
export function channelInScope(context: SlackContext, id: string, right: 'read' | 'history'): ChannelAccess {
  const found = visibleChannel(context, id);
  if (!found.ok) return found;
  const needed = `${kindOf(found.channel)}:${right}`;
  return context.scopes.includes(needed) ? found : missingScope(needed, context.scopes);
}

/** A channel in which the bot may write. */
export function writableChannel(context: SlackContext, id: string): ChannelAccess {
  const found = visibleChannel(context, id);
  if (!found.ok) return found;
  if (kindOf(found.channel) === 'im' && !context.messagesTab) return failure('messages_tab_disabled');
  if (found.channel.isArchived) return failure('is_archived');
  const welcome = hasBot(context.workspace, found.channel) || context.scopes.includes('chat:write.public');
  return welcome ? found : failure('not_in_channel');
}

/** `chat.postMessage` also takes a person, and writes to them directly. */
export function channelToPostIn(context: SlackContext, id: string): ChannelAccess {
  if (!/^[UW]/.test(id)) return writableChannel(context, id);
  const person = findUser(context.workspace, id);
  if (!person || person.deleted) return failure('channel_not_found');
  if (person.isBot) return failure('cannot_dm_bot');
  return context.messagesTab ? { ok: true, channel: directChannel(context, person) } : failure('messages_tab_disabled');
}
