import { z } from 'zod';
import type { SlackContext } from '../context.ts';
import { type Channel, findMessage, hasBot, kindOf, type Message, messagesIn, type Workspace } from '../workspace.ts';
import { type Answer, type Failure, failure } from './answer.ts';
import { type ChannelAccess, channelInScope } from './channel-access.ts';
import { repliesTo, viewMessage } from './message-view.ts';
import { flag, method, timestamp } from './method.ts';
import { cutPage, inWindow, type Page, type PageArgs, pageArgs } from './pages.ts';

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
    return answerWith(context, Array.isArray(found) ? cutPage(found, args) : found, args);
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
function threadPage({ workspace }: SlackContext, first: Message, args: PageArgs): Page | Failure {
  const found = inWindow(repliesTo(workspace, first), args);
  return Array.isArray(found) ? cutPage([first, ...found], args) : found;
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
  page: Page | Failure,
  args: { include_all_metadata: boolean },
): Answer {
  if (!page.ok) return page;
  const withMetadata = (message: Message) =>
    args.include_all_metadata && message.metadata ? { metadata: message.metadata } : {};
  return {
    ok: true,
    messages: page.messages.map((message) => ({ ...viewMessage(workspace, message), ...withMetadata(message) })),
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
    is_member: hasBot(workspace, channel),
    context_team_id: workspace.team.id,
  };
}
