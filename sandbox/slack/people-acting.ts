import type { Button } from './blocks.ts';
import type { SlackContext } from './context.ts';
import { shownPrivately, unseen } from './delivery/acknowledgements.ts';
import {
  blockActionPayload,
  buttonAction,
  findButtons,
  menuActions,
  type ShownAction,
  type ShownButton,
} from './delivery/block-action.ts';
import type { Interaction } from './delivery/interaction.ts';
import { messageShortcutPayload } from './delivery/message-shortcut.ts';
import { slashCommandPayload } from './delivery/slash-command.ts';
import { channelOf, ImpossibleActionError, messageOf, personOf } from './impossible-action.ts';
import { addMessage } from './messages.ts';
import type { MessageMetadata } from './metadata.ts';
import { randomId } from './random-id.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Message, PrivateReply, User, Workspace } from './workspace.ts';

export type Typed = {
  user: string;
  channel: string;
  text: string;
  /** Default: `/campaign-wf`. */
  command?: string;
  triggerId?: string;
  /** The workspace in which it is typed. Default: the person's own. */
  teamId?: string;
};

export type Pressed = {
  user: string;
  channel: string;
  ts: string;
  actionId: string;
  /** Default: the button's own. With a value, the button need not exist any more: the person's screen is outdated. */
  value?: string;
  triggerId?: string;
  /** Of the workspace in which it is pressed; default: the app's own, by a person of their own. */
  teamId?: string;
};

export type PressedPrivately = Omit<Pressed, 'ts' | 'value'> & {
  /** Which of several buttons with that name, or which option of a menu. Default: the first button. */
  value?: string;
};

export function typedCommand(context: SlackContext, responseUrls: ResponseUrls, typed: Typed): Interaction {
  const { workspace } = context;
  const user = personOf(workspace, typed.user);
  const channel = channelOf(context, typed.channel, user);
  const origin = { channel: channel.id, user: user.id, message: null };
  const { command = '/campaign-wf', text, teamId = user.teamId } = typed;
  const triggerId = triggerOf(context, user, typed);
  const responseUrl = responseUrls.issue(origin);
  const payload = slashCommandPayload(workspace, { user, channel, command, text, teamId, triggerId, responseUrl });
  return {
    type: 'slash_commands',
    triggerId,
    responseUrl,
    payload,
    acknowledged: shownPrivately(context, origin, responseUrl),
  };
}

export function pressedButton(context: SlackContext, responseUrls: ResponseUrls, pressed: Pressed): Interaction {
  const user = personOf(context.workspace, pressed.user);
  const message = messageOf(context.workspace, pressed);
  return pressOn(context, responseUrls, {
    ...pressed,
    user,
    message,
    action: buttonAction(buttonOf(message, pressed)),
  });
}

export function privatelyPressedButton(
  context: SlackContext,
  responseUrls: ResponseUrls,
  pressed: PressedPrivately,
): Interaction {
  const user = personOf(context.workspace, pressed.user);
  const { reply: message, action } = privateActionOf(context.workspace, pressed);
  return pressOn(context, responseUrls, { ...pressed, user, message, action });
}

type Press = {
  user: User;
  message: Message | PrivateReply;
  action: ShownAction;
  triggerId?: string;
  teamId?: string;
};

function pressOn(context: SlackContext, responseUrls: ResponseUrls, press: Press): Interaction {
  const { user, message, action, teamId = null } = press;
  const origin = { channel: message.channel, user: user.id, message };
  const triggerId = triggerOf(context, user, press);
  const responseUrl = responseUrls.issue(origin);
  const details = { user, message, action, teamId, triggerId, responseUrl, actionTs: context.nextTs() };
  const payload = blockActionPayload(context.workspace, details);
  return { type: 'interactive', triggerId, responseUrl, payload, acknowledged: unseen(context, 'a button') };
}

export type Shortcut = {
  user: string;
  channel: string;
  /** Of the message whose menu it was. */
  ts: string;
  callbackId: string;
  triggerId?: string;
  /** Of the workspace in which it is used; default: the app's own, by a person of their own. */
  teamId?: string;
};

export function usedShortcut(context: SlackContext, responseUrls: ResponseUrls, used: Shortcut): Interaction {
  const user = personOf(context.workspace, used.user);
  const message = messageOf(context.workspace, used);
  const { callbackId, teamId = null } = used;
  const triggerId = triggerOf(context, user, used);
  // A reply to a shortcut does not replace the message.
  const responseUrl = responseUrls.issue({ channel: message.channel, user: user.id, message: null });
  const details = { user, message, callbackId, teamId, triggerId, responseUrl, actionTs: context.nextTs() };
  const payload = messageShortcutPayload(context.workspace, details);
  return { type: 'interactive', triggerId, responseUrl, payload, acknowledged: unseen(context, 'a shortcut') };
}

function triggerOf({ triggers }: SlackContext, user: User, given: { triggerId?: string; teamId?: string }): string {
  return triggers.issue({ user: user.id, teamId: given.teamId ?? null }, given.triggerId);
}

function buttonOf(message: Message, { actionId, value }: Pressed): ShownButton {
  const [first] = findButtons(message.blocks, actionId);
  const shown = first ?? (value === undefined ? undefined : stale(actionId));
  if (!shown) throw new ImpossibleActionError(`There is no button ${actionId} in ${message.channel}, ${message.ts}.`);
  const button: Button = value === undefined ? shown.button : { ...shown.button, value };
  return { ...shown, button };
}

function stale(actionId: string): ShownButton {
  const button: Button = { type: 'button', action_id: actionId, text: { type: 'plain_text', text: actionId } };
  return { button, blockId: randomId() };
}

/** The latest private reply that has the button, or the menu with this option. */
function privateActionOf({ privateReplies }: Workspace, { user, channel, actionId, value }: PressedPrivately) {
  for (const reply of privateReplies.toReversed()) {
    if (reply.user !== user || reply.channel !== channel) continue;
    const shown = findButtons(reply.blocks, actionId);
    const button = shown.find((each) => value === undefined || each.button.value === value);
    if (button) return { reply, action: buttonAction(button) };
    const [action] = menuActions(reply.blocks, actionId, value ?? '');
    if (action) return { reply, action };
  }
  throw new ImpossibleActionError(`There is no private reply to ${user} in ${channel} with the button ${actionId}.`);
}

export type SayInput = {
  /** A person, or the user of another app. */
  user: string;
  channel: string;
  text: string;
  threadTs?: string;
  metadata?: MessageMetadata;
};

export function sayMessage(context: SlackContext, { user, channel, text, threadTs, metadata }: SayInput): Message {
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
