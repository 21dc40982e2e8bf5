import { nameBlocks } from './blocks.ts';
import type { Content } from './content.ts';
import type { SlackContext } from './context.ts';
import type { MessageMetadata } from './metadata.ts';
import { randomId } from './random-id.ts';
import { type Channel, directChannelId, findChannel, type Message, type PrivateReply, type User } from './workspace.ts';

export type Post = {
  channel: string;
  content: Content;
  threadTs?: string | undefined;
  replyBroadcast?: boolean;
  metadata?: MessageMetadata | null;
  author: Author;
};

export type Author = { userId: string; botId: string | null; appId: string | null };

export function ourBot({ workspace: { bot } }: SlackContext): Author {
  return { userId: bot.userId, botId: bot.botId, appId: bot.appId };
}

export function addMessage(context: SlackContext, post: Post): Message {
  const message: Message = {
    channel: post.channel,
    ts: context.nextTs(),
    threadTs: post.threadTs ?? null,
    ...post.author,
    text: post.content.text,
    blocks: nameBlocks(post.content.blocks, randomId),
    metadata: post.metadata ?? null,
    replyBroadcast: post.replyBroadcast ?? false,
    edited: null,
  };
  context.workspace.messages.push(message);
  context.changes.notify();
  return message;
}

export type Edit = { content: Content; metadata?: MessageMetadata | null | undefined };

/** Replaces the contents of the message. Metadata is kept unless given; null removes it. */
export function editMessage(context: SlackContext, message: Message, { content, metadata }: Edit): void {
  message.text = content.text;
  message.blocks = nameBlocks(content.blocks, randomId);
  if (metadata !== undefined) message.metadata = metadata;
  message.edited = { userId: context.workspace.bot.userId, ts: context.nextTs() };
  context.changes.notify();
}

export function removeMessage(context: SlackContext, message: Message): void {
  const { messages } = context.workspace;
  messages.splice(messages.indexOf(message), 1);
  context.changes.notify();
}

/** Changes the ID of the channel and of its messages. */
export function moveChannel(context: SlackContext, from: string, to: string, how?: 'forgets'): void {
  const { channels, messages } = context.workspace;
  for (const channel of channels) if (channel.id === from) channel.id = to;
  for (const message of messages) if (message.channel === from) message.channel = to;
  const { formerChannels } = context;
  formerChannels.set(from, from);
  for (const [former, now] of formerChannels) {
    if (now !== from) continue;
    if (how === undefined && former !== to) formerChannels.set(former, to);
    else formerChannels.delete(former);
  }
  context.changes.notify();
}

/** As an administrator deletes it. */
export function deleteMessage(context: SlackContext, message: Message): void {
  const { messages } = context.workspace;
  const hasReplies = messages.some(({ channel, threadTs }) => channel === message.channel && threadTs === message.ts);
  if (!hasReplies) {
    removeMessage(context, message);
    return;
  }
  const nobody = { userId: 'USLACKBOT', botId: null, appId: null, metadata: null, edited: null };
  Object.assign(message, { ...nobody, text: 'This message was deleted.', blocks: [], isTombstone: true });
  context.changes.notify();
}

export type PrivateMessage = Omit<PrivateReply, 'ts' | 'at' | 'text' | 'blocks'> & { content: Content };

export function addPrivateReply(context: SlackContext, { content, ...reply }: PrivateMessage): PrivateReply {
  const blocks = nameBlocks(content.blocks, randomId);
  const added = { ...reply, ts: context.nextTs(), text: content.text, blocks, at: context.now() };
  context.workspace.privateReplies.push(added);
  context.changes.notify();
  return added;
}

export function editPrivateReply(context: SlackContext, reply: PrivateReply, content: Content): void {
  reply.text = content.text;
  reply.blocks = nameBlocks(content.blocks, randomId);
  context.changes.notify();
}

export function removePrivateReply(context: SlackContext, reply: PrivateReply): void {
  const { privateReplies } = context.workspace;
  privateReplies.splice(privateReplies.indexOf(reply), 1);
  context.changes.notify();
}

export function addMistake(context: SlackContext, mistake: string): void {
  context.workspace.mistakes.push(mistake);
  context.changes.notify();
}

/** The direct messages of the bot and this person, created on first use. */
export function directChannel({ workspace }: SlackContext, user: User): Channel {
  const id = directChannelId(user.id);
  const known = findChannel(workspace, id);
  if (known) return known;
  const members = [user.id, workspace.bot.userId];
  const channel: Channel = { id, name: user.name, isPrivate: true, isArchived: false, isExtShared: false, members };
  workspace.channels.push(channel);
  return channel;
}
