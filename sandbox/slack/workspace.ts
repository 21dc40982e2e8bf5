import type { Block } from './blocks.ts';
import type { MessageMetadata } from './metadata.ts';
import type { HomeTab } from './views/home.ts';
import type { Option } from './views/input-block.ts';
import type { Modal } from './views/modal.ts';
import type { ViewState } from './views/view-state.ts';

/** The live state of the pretend Slack. A test may change it, and later responses follow. */
export type Workspace = {
  team: Team;
  bot: BotIdentity;
  users: User[];
  channels: Channel[];
  groups: Group[];
  /** Of all channels, in the order in which they were posted. */
  messages: Message[];
  privateReplies: PrivateReply[];
  /** The open modals, in the order in which they were opened. */
  views: OpenView[];
  /** The Home tabs that were published, one of a person. */
  homes: ShownHome[];
  /** Mistakes of the bot that Slack tolerates or ignores. Tests expect none. */
  mistakes: string[];
};

export type Team = {
  id: string;
  name: string;
  domain: string;
  /** Of the organisation, where the workspace belongs to one (Enterprise Grid). */
  enterpriseId?: string;
  /** Whether the app is installed for the whole organisation. */
  isOrgWide?: boolean;
};

export type BotIdentity = { userId: string; botId: string; appId: string; name: string };

export type User = {
  id: string;
  name: string;
  realName: string;
  teamId: string;
  deleted: boolean;
  isBot: boolean;
  isRestricted: boolean;
  isUltraRestricted: boolean;
  isStranger: boolean;
  locale: string;
  tz: string;
  /** The person's organisation, if any (Enterprise Grid). */
  enterpriseId?: string;
  /** The IDs of the person's workspaces in that organisation. Default: their own. */
  enterpriseTeams?: string[];
};

export type Channel = {
  id: string;
  name: string;
  isPrivate: boolean;
  isArchived: boolean;
  isExtShared: boolean;
  /** What Slack says of it. Posting is not refused. */
  isReadOnly?: boolean;
  /** User ids. The bot is a member when its own user id is among them. */
  members: string[];
};

export type Group = {
  id: string;
  handle: string;
  users: string[];
  /** Slack returns its users only with `include_disabled`. */
  isDisabled?: boolean;
};

export type Message = {
  channel: string;
  ts: string;
  /** The `ts` of the thread's first message, for a reply; null otherwise. */
  threadTs: string | null;
  userId: string;
  botId: string | null;
  appId: string | null;
  text: string;
  blocks: Block[];
  metadata: MessageMetadata | null;
  replyBroadcast: boolean;
  edited: { userId: string; ts: string } | null;
  /** Deleted while it had replies: they stay, and so does a placeholder. */
  isTombstone?: true;
};

export type PrivateReply = {
  channel: string;
  /** Not searchable, but part of the payload of a press on one of its buttons. */
  ts: string;
  user: string;
  threadTs: string | null;
  text: string;
  blocks: Block[];
  via: 'ack' | 'response_url' | 'ephemeral';
  /** Of the interaction that it answers; null where the bot named none. */
  responseUrl: string | null;
  /** Milliseconds since 1970. */
  at: number;
};

export type OpenView = {
  id: string;
  /** Another one after each update. */
  hash: string;
  /** Who sees it. */
  user: string;
  /** The workspace of the interaction that opened it. null: the app's own. */
  teamId: string | null;
  /** Every block and element in it has an id. */
  view: Modal;
  /** What is filled in now. */
  values: ViewState;
  /** The errors below the inputs, by block ID. */
  errors: Record<string, string>;
  /** The bot's last suggestions for each `external_select`, by block ID. */
  suggested: Record<string, Option[]>;
};

/** The Home tab as one person sees it. */
export type ShownHome = {
  id: string;
  /** Another one after each publication. */
  hash: string;
  user: string;
  view: HomeTab;
};

export type ChannelKind = 'channels' | 'groups' | 'im';

/** Named as in Slack's scopes: `channels:read`, `groups:history`, `im:history`. */
export function kindOf(channel: Channel): ChannelKind {
  if (isDirect(channel.id)) return 'im';
  return channel.isPrivate ? 'groups' : 'channels';
}

export function isDirect(channelId: string): boolean {
  return channelId.startsWith('D');
}

export function directChannelId(userId: string): string {
  return `D0${userId.slice(2)}`;
}

export function findUser(workspace: Workspace, id: string): User | undefined {
  return workspace.users.find((user) => user.id === id);
}

export function findChannel(workspace: Workspace, id: string): Channel | undefined {
  return workspace.channels.find((channel) => channel.id === id);
}

export function findGroup(workspace: Workspace, id: string): Group | undefined {
  return workspace.groups.find((group) => group.id === id);
}

export function findMessage(workspace: Workspace, channel: string, ts: string): Message | undefined {
  return workspace.messages.find((message) => message.channel === channel && message.ts === ts);
}

export function findPrivateReply(workspace: Workspace, channel: string, ts: string): PrivateReply | undefined {
  return workspace.privateReplies.find((reply) => reply.channel === channel && reply.ts === ts);
}

export function findView(workspace: Workspace, id: string): OpenView | undefined {
  return workspace.views.find((view) => view.id === id);
}

export function messagesIn(workspace: Workspace, channel: string): Message[] {
  return workspace.messages.filter((message) => message.channel === channel);
}

export function hasBot(workspace: Workspace, channel: Channel): boolean {
  return channel.members.includes(workspace.bot.userId);
}
