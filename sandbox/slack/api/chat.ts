import { z } from 'zod';
import { type Content, type ContentRefusal, checkPostedContent } from '../content.ts';
import type { SlackContext } from '../context.ts';
import { addMessage, addMistake, addPrivateReply, editMessage, ourBot } from '../messages.ts';
import { checkMetadata, type MessageMetadata } from '../metadata.ts';
import { findMessage, type Message } from '../workspace.ts';
import { type Failure, failure } from './answer.ts';
import { channelToPostIn, visibleChannel, writableChannel } from './channel-access.ts';
import { viewMessage } from './message-view.ts';
import { flag, method, timestamp } from './method.ts';

const shown = { text: z.string().optional(), blocks: z.unknown().optional(), metadata: z.unknown().optional() };

const postArgs = z.object({
  channel: z.string(),
  ...shown,
  thread_ts: timestamp.optional(),
  reply_broadcast: flag,
});

export const postMessage = method({
  token: 'bot',
  scopes: ['chat:write'],
  args: postArgs,
  run: (context, args) => {
    const place = channelToPostIn(context, args.channel);
    if (!place.ok) return place;
    const content = contentOf(context, args);
    if (!content.ok) return content;
    const metadata = metadataOf(context, args.metadata);
    if (!metadata.ok) return metadata;
    const thread = threadOf(context, place.channel.id, args.thread_ts);
    if (!thread.ok) return thread;
    const { threadTs } = thread;
    const message = addMessage(context, {
      channel: place.channel.id,
      ...content,
      metadata: metadata.metadata ?? null,
      threadTs,
      replyBroadcast: threadTs !== undefined && args.reply_broadcast,
      author: ourBot(context),
    });
    return { ok: true, channel: message.channel, ts: message.ts, message: viewMessage(context.workspace, message) };
  },
});

/** Slack posts a reply to a deleted message in the channel itself, or refuses it. */
function threadOf(context: SlackContext, channel: string, ts: string | undefined): Checked<{ threadTs?: string }> {
  if (ts === undefined) return { ok: true };
  if (findMessage(context.workspace, channel, ts)) return { ok: true, threadTs: ts };
  return context.refusesLostReplies ? failure('thread_not_found') : { ok: true };
}

const updateArgs = z.object({ channel: z.string(), ts: timestamp, ...shown });

export const update = method({
  token: 'bot',
  scopes: ['chat:write'],
  args: updateArgs,
  run: (context, args) => {
    const found = messageToUpdate(context, args);
    if (!found.ok) return found;
    const { message } = found;
    const content = contentOfUpdate(context, message, args);
    if (!content.ok) return content;
    const metadata = metadataOf(context, args.metadata);
    if (!metadata.ok) return metadata;
    editMessage(context, message, { content: content.content, metadata: metadata.metadata });
    const { channel, ts, text } = message;
    return { ok: true, channel, ts, text, message: viewMessage(context.workspace, message) };
  },
});

const ephemeralArgs = z.object({ channel: z.string(), user: z.string(), ...shown, thread_ts: timestamp.optional() });

export const postEphemeral = method({
  token: 'bot',
  scopes: ['chat:write'],
  args: ephemeralArgs,
  run: (context, args) => {
    const place = writableChannel(context, args.channel);
    if (!place.ok) return place;
    if (!place.channel.members.includes(args.user)) return failure('user_not_in_channel');
    const content = contentOf(context, args);
    if (!content.ok) return content;
    const { channel, user, thread_ts: threadTs = null } = args;
    const how = { via: 'ephemeral', responseUrl: null, content: content.content } as const;
    return { ok: true, message_ts: addPrivateReply(context, { channel, user, threadTs, ...how }).ts };
  },
});

export const getPermalink = method({
  token: 'bot',
  scopes: [],
  args: z.object({ channel: z.string(), message_ts: timestamp }),
  run: (context, args) => {
    const place = visibleChannel(context, args.channel);
    if (!place.ok) return place;
    const message = findMessage(context.workspace, args.channel, args.message_ts);
    if (!message) return failure('message_not_found');
    return { ok: true, channel: args.channel, permalink: permalinkOf(context, message) };
  },
});

function permalinkOf({ workspace }: SlackContext, { channel, ts, threadTs }: Message): string {
  const thread = threadTs === null ? '' : `?thread_ts=${threadTs}&cid=${channel}`;
  return `https://${workspace.team.domain}.slack.com/archives/${channel}/p${ts.replace('.', '')}${thread}`;
}

type Checked<T> = ({ ok: true } & T) | Failure;

function contentOf(
  context: SlackContext,
  args: z.output<typeof updateArgs> | z.output<typeof postArgs> | z.output<typeof ephemeralArgs>,
): Checked<{ content: Content }> {
  const checked = checkPostedContent(args);
  if (!checked.ok) return refused(checked);
  if (checked.mistake) addMistake(context, `${args.channel}: ${checked.mistake}`);
  return checked;
}

function refused(refusal: ContentRefusal): Failure {
  return failure(refusal.error, refusal.problems);
}

/** Undefined: not given. Null: remove it, which is an empty object in the call. */
function metadataOf(context: SlackContext, given: unknown): Checked<{ metadata: MessageMetadata | null | undefined }> {
  if (given === undefined) return { ok: true, metadata: undefined };
  if (typeof given === 'object' && given !== null && Object.keys(given).length === 0)
    return { ok: true, metadata: null };
  const checked = checkMetadata(given);
  if (checked.ok) return checked;
  addMistake(context, `metadata that not every reader understands: ${checked.problems.join('; ')}`);
  return failure('invalid_metadata_format', checked.problems);
}

type UpdateArgs = z.output<typeof updateArgs>;

function messageToUpdate(context: SlackContext, { channel, ts }: UpdateArgs): Checked<{ message: Message }> {
  const place = writableChannel(context, channel);
  // Slack's name for it differs from the one that posting gets (docs.slack.dev/reference/methods/chat.update).
  if (!place.ok) return place.error === 'is_archived' ? failure('is_inactive') : place;
  const message = findMessage(context.workspace, channel, ts);
  if (!message || message.isTombstone) return failure('message_not_found');
  return message.botId === context.workspace.bot.botId ? { ok: true, message } : failure('cant_update_message');
}

/** Text without blocks drops the blocks. Neither is possible when only the metadata changes. */
function contentOfUpdate(context: SlackContext, message: Message, args: UpdateArgs): Checked<{ content: Content }> {
  const unchanged = args.text === undefined && args.blocks === undefined && args.metadata !== undefined;
  if (unchanged) return { ok: true, content: message };
  const content = contentOf(context, args);
  return content.ok && mismatches(message, content.content) ? failure('block_mismatch') : content;
}

/** Rich text cannot be replaced with blocks of other types (docs.slack.dev/reference/methods/chat.update, errors). */
function mismatches(before: Content, after: Content): boolean {
  const isRich = ({ type }: { type: string }) => type === 'rich_text';
  const [had, has] = [before.blocks, after.blocks];
  return had.length > 0 && had.every(isRich) && has.length > 0 && !has.some(isRich);
}
