import type { Button } from './blocks.ts';
import type { SlackContext } from './context.ts';
import { randomId } from './context.ts';
import type { ShownButton } from './delivery/block-action.ts';
import { blockActionPayload, findButton } from './delivery/block-action.ts';
import type { Interaction } from './delivery/interaction.ts';
import { slashCommandPayload } from './delivery/slash-command.ts';
import { addMessage, directChannel } from './messages.ts';
import type { MessageMetadata } from './metadata.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Channel, Message, User, Workspace } from './workspace.ts';
import { directChannelId, findChannel, findMessage, findUser } from './workspace.ts';

export type Typed = {
  user: string;
  channel: string;
  text: string;
  /** Default: `/campaign-wf`. */
  command?: string;
  triggerId?: string;
  /** Of the workspace in which it is typed; default: the person's own. */
  teamId?: string;
};

export type Pressed = {
  user: string;
  channel: string;
  ts: string;
  actionId: string;
  /** Default: the button's own. With a value, the button may be gone: the person's screen is an old one. */
  value?: string;
  triggerId?: string;
  /** Of the workspace in which it is pressed; default: the app's own, by a person of their own. */
  teamId?: string;
};

/** The caller asked for what no person in this workspace could do. */
class ImpossibleActionError extends Error {
  override name = 'ImpossibleActionError';
}

export function typedCommand(context: SlackContext, responseUrls: ResponseUrls, typed: Typed): Interaction {
  const { workspace } = context;
  const user = personOf(workspace, typed.user);
  const channel = channelOf(context, typed.channel, user);
  const origin = { channel: channel.id, user: user.id, message: null };
  const { triggerId, responseUrl } = issued(context, responseUrls.issue(origin), typed.triggerId);
  const { command = '/campaign-wf', text, teamId = user.teamId } = typed;
  const payload = slashCommandPayload(workspace, { user, channel, command, text, teamId, triggerId, responseUrl });
  return { type: 'slash_commands', origin, triggerId, responseUrl, payload };
}

export function pressedButton(context: SlackContext, responseUrls: ResponseUrls, pressed: Pressed): Interaction {
  const { workspace } = context;
  const user = personOf(workspace, pressed.user);
  const message = messageOf(workspace, pressed);
  const origin = { channel: message.channel, user: user.id, message };
  const { triggerId, responseUrl } = issued(context, responseUrls.issue(origin), pressed.triggerId);
  const [button, teamId] = [buttonOf(message, pressed), pressed.teamId ?? null];
  const actionTs = context.nextTs();
  const seen = { user, message, button, teamId, triggerId, responseUrl, actionTs };
  return { type: 'interactive', origin, triggerId, responseUrl, payload: blockActionPayload(workspace, seen) };
}

/** Slack's trigger ids are opaque, but this is how they look. */
function issued({ now }: SlackContext, responseUrl: string, triggerId = `${now()}.1200000000.${randomId(16)}`) {
  return { triggerId, responseUrl };
}

function personOf(workspace: Workspace, id: string): User {
  const user = findUser(workspace, id);
  if (!user) throw new ImpossibleActionError(`There is no person ${id} in this workspace.`);
  return user;
}

function channelOf(context: SlackContext, id: string, user: User): Channel {
  const channel = id === directChannelId(user.id) ? directChannel(context, user) : findChannel(context.workspace, id);
  if (!channel) throw new ImpossibleActionError(`There is no channel ${id} in this workspace.`);
  return channel;
}

function messageOf(workspace: Workspace, { channel, ts }: Pressed): Message {
  const message = findMessage(workspace, channel, ts);
  if (!message) throw new ImpossibleActionError(`There is no message ${ts} in ${channel}.`);
  return message;
}

function buttonOf(message: Message, { actionId, value }: Pressed): ShownButton {
  const shown = findButton(message, actionId) ?? (value === undefined ? undefined : stale(actionId));
  if (!shown) throw new ImpossibleActionError(`There is no button ${actionId} in ${message.channel}, ${message.ts}.`);
  const button: Button = value === undefined ? shown.button : { ...shown.button, value };
  return { ...shown, button };
}

function stale(actionId: string): ShownButton {
  const button: Button = { type: 'button', action_id: actionId, text: { type: 'plain_text', text: actionId } };
  return { button, blockId: randomId() };
}

export type Said = {
  /** A person, or the user of another app. */
  user: string;
  channel: string;
  text: string;
  threadTs?: string;
  metadata?: MessageMetadata;
};

export function saidMessage(context: SlackContext, { user, channel, text, threadTs, metadata }: Said): Message {
  const author = personOf(context.workspace, user);
  const place = channelOf(context, channel, author);
  const [botId, appId] = author.isBot ? [`B0${user.slice(2)}`, `A0${user.slice(2)}`] : [null, null];
  return addMessage(context, {
    channel: place.id,
    content: { text, blocks: [] },
    threadTs,
    metadata: metadata ?? null,
    author: { userId: author.id, botId, appId },
  });
}
