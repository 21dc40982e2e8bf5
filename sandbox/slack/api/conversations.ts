import { z } from 'zod';
import type { SlackContext } from '../context.ts';
import { type Channel, findMessage, hasBot, kindOf, type Message, messagesIn, type Workspace } from '../workspace.ts';
import { type Answer, type Failure, failure, missingScope } from './answer.ts';
import { type ChannelAccess, channelInScope } from './channel-access.ts';
import { repliesTo, viewMessage } from './message-view.ts';
import { flag, method, timestamp } from './method.ts';
import { cursorTo, cutPage, inWindow, messageCursor, type Page, type PageArgs, pageArgs } from './pages.ts';

export const info = method({
  token: 'bot',
  scopes: ['channels:read', 'groups:read', 'im:read'],
  args: z.object({ channel: z.string() }),
  run: (context, args) => {
    const id = context.formerChannels.get(args.channel) ?? args.channel;
    const found = channelInScope(context, id, 'read');
    return found.ok ? { ok: true, channel: viewChannel(context.workspace, found.channel) } : found;
  },
});

const READ_SCOPES = {
  public_channel: 'channels:read',
  private_channel: 'groups:read',
  im: 'im:read',
  mpim: 'mpim:read',
};
type ConversationType = keyof typeof READ_SCOPES;

/**
 * `users.conversations` with a bot's token: where the bot is a member; with `user`, where that person is, private ones
 * only where the bot is, too. Each type of conversation needs its own scope.
 */
export const ownConversations = method({
  token: 'bot',
  scopes: Object.values(READ_SCOPES),
  args: z.object({
    types: z.string().default('public_channel'),
    exclude_archived: flag,
    user: z.string().optional(),
    limit: z.unknown().optional(),
    cursor: z.string().optional(),
  }),
  run: (context, { types, exclude_archived, user, limit, cursor }) => {
    const asked = types.split(',').map((type) => type.trim());
    if (!asked.every(isConversationType)) return failure('invalid_types');
    const missing = asked.map((type) => READ_SCOPES[type]).find((scope) => !context.scopes.includes(scope));
    if (missing !== undefined) return missingScope(missing, context.scopes);
    const most = conversationLimit.safeParse(limit);
    if (!most.success) return failure('invalid_limit');
    const { workspace } = context;
    const own = workspace.channels
      .filter((channel) => asked.includes(typeOf(channel)) && isListed(workspace, channel, user))
      .filter(({ isArchived }) => !(exclude_archived && isArchived));
    const page = cutPage(own, ({ id }) => cursorTo('team', id), { limit: most.data, cursor });
    if (!page.ok) return page;
    const channels = page.items.map((channel) => viewLimitedChannel(workspace, channel));
    return { ok: true, channels, response_metadata: { next_cursor: page.nextCursor } };
  },
});

/** "The maximum number of items": an integer up to 999, as for `users.conversations`. */
export const members = method({
  token: 'bot',
  scopes: Object.values(READ_SCOPES),
  args: z.object({ channel: z.string(), limit: z.unknown().optional(), cursor: z.string().optional() }),
  run: (context, { channel, limit, cursor }) => {
    const found = channelInScope(context, channel, 'read');
    if (!found.ok) return found;
    const most = conversationLimit.safeParse(limit);
    if (!most.success) return failure('invalid_limit');
    const page = cutPage(found.channel.members, (id) => cursorTo('user', id), { limit: most.data, cursor });
    if (!page.ok) return page;
    return { ok: true, members: page.items, response_metadata: { next_cursor: page.nextCursor } };
  },
});

function isListed(workspace: Workspace, channel: Channel, user: string | undefined): boolean {
  if (user === undefined) return hasBot(workspace, channel);
  return channel.members.includes(user) && (kindOf(channel) === 'channels' || hasBot(workspace, channel));
}

/** "Must be an integer with a max value of 999." */
const conversationLimit = z.coerce.number().int().min(1).max(999).default(100);

function isConversationType(type: string): type is ConversationType {
  return Object.hasOwn(READ_SCOPES, type);
}

function typeOf(channel: Channel): ConversationType {
  const kind = kindOf(channel);
  if (kind === 'im') return kind;
  return kind === 'groups' ? 'private_channel' : 'public_channel';
}

const HISTORY_SCOPES = ['channels:history', 'groups:history', 'im:history'];

const readArgs = { channel: z.string(), include_all_metadata: flag, ...pageArgs };

export const history = method({
  token: 'bot',
  scopes: HISTORY_SCOPES,
  args: z.object(readArgs),
  run: (context, args) => {
    const place = readableChannel(context, args.channel);
    if (!place.ok) return place;
    const shown = messagesIn(context.workspace, args.channel).filter((each) => isInChannel(each));
    const found = inWindow(shown.reverse(), args);
    return answerWith(context, Array.isArray(found) ? cutPage(found, messageCursor, args) : found, args);
  },
});

export const replies = method({
  token: 'bot',
  scopes: HISTORY_SCOPES,
  args: z.object({ ...readArgs, ts: timestamp }),
  run: (context, args) => {
    const place = readableChannel(context, args.channel);
    if (!place.ok) return place;
    const first = findMessage(context.workspace, args.channel, args.ts);
    if (!first) return failure('thread_not_found');
    return answerWith(context, threadPage(context, first, args), args);
  },
});

/** The first page starts with the thread's message, even where it is outside the window. */
function threadPage({ workspace }: SlackContext, first: Message, args: PageArgs): Page<Message> | Failure {
  const found = inWindow(repliesTo(workspace, first), args);
  return Array.isArray(found) ? cutPage([first, ...found], messageCursor, args) : found;
}

/** The channel's history has no replies, except those that were also sent to the channel. */
function isInChannel({ threadTs, replyBroadcast }: Message): boolean {
  return threadTs === null || replyBroadcast;
}

function readableChannel(context: SlackContext, id: string): ChannelAccess {
  const found = channelInScope(context, id, 'history');
  return found.ok && !hasBot(context.workspace, found.channel) ? failure('not_in_channel') : found;
}

function answerWith(
  { workspace }: SlackContext,
  page: Page<Message> | Failure,
  args: { include_all_metadata: boolean },
): Answer {
  if (!page.ok) return page;
  const withMetadata = (message: Message) =>
    args.include_all_metadata && message.metadata ? { metadata: message.metadata } : {};
  return {
    ok: true,
    messages: page.items.map((message) => ({ ...viewMessage(workspace, message), ...withMetadata(message) })),
    has_more: page.nextCursor !== '',
    pin_count: 0,
    response_metadata: { next_cursor: page.nextCursor },
  };
}

function viewChannel(workspace: Workspace, channel: Channel): Record<string, unknown> {
  const kind = kindOf(channel);
  return {
    id: channel.id,
    ...(kind === 'im' ? { user: channel.members[0] } : { name: channel.name, name_normalized: channel.name }),
    is_channel: kind === 'channels',
    is_group: kind === 'groups',
    is_im: kind === 'im',
    is_mpim: false,
    is_private: channel.isPrivate,
    is_archived: channel.isArchived,
    is_general: false,
    is_shared: channel.isExtShared,
    is_ext_shared: channel.isExtShared,
    is_org_shared: false,
    ...(channel.isReadOnly && { is_read_only: true }),
    is_member: hasBot(workspace, channel),
    context_team_id: workspace.team.id,
  };
}

/** https://docs.slack.dev/reference/methods/users.conversations: "We omit the is_member and num_members fields". */
function viewLimitedChannel(workspace: Workspace, channel: Channel): Record<string, unknown> {
  const { is_member: _omitted, ...view } = viewChannel(workspace, channel);
  return view;
}
