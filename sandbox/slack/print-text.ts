import type { BlockText } from './block-text.ts';
import type { RichTextElement } from './rich-text.ts';
import { findChannel, findGroup, findUser, type Workspace } from './workspace.ts';

/** The emoji that the bot uses. Others are shown by name. */
const EMOJI: Readonly<Record<string, string>> = {
  arrow_forward: '▶️',
  bell: '🔔',
  black_square_for_stop: '⏹️',
  bulb: '💡',
  double_vertical_bar: '⏸️',
  eyes: '👀',
  grey_question: '❔',
  heavy_check_mark: '✔️',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  information_source: 'ℹ️',
  large_green_circle: '🟢',
  large_yellow_circle: '🟡',
  lock: '🔒',
  no_entry: '⛔',
  no_entry_sign: '🚫',
  octagonal_sign: '🛑',
  question: '❓',
  red_circle: '🔴',
  rotating_light: '🚨',
  snowflake: '❄️',
  stop_sign: '🛑',
  tada: '🎉',
  warning: '⚠️',
  wave: '👋',
  white_check_mark: '✅',
  x: '❌',
};

export function nameOf(workspace: Workspace, userId: string): string {
  return findUser(workspace, userId)?.name ?? userId;
}

function handleOf(workspace: Workspace, groupId: string): string {
  return findGroup(workspace, groupId)?.handle ?? groupId;
}

export function printText(workspace: Workspace, text: BlockText): string {
  if (text.type === 'mrkdwn') return printMrkdwn(workspace, text.text);
  return text.emoji === false ? text.text : withEmoji(text.text);
}

/** https://docs.slack.dev/messaging/formatting-message-text: what stands between `<` and `>`, and the three escapes. */
export function printMrkdwn(workspace: Workspace, text: string): string {
  const readable = text.replace(/<([^<>]+)>/g, (_all, inside: string) => printReference(workspace, inside));
  return withEmoji(readable).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

export function printElement(workspace: Workspace, element: RichTextElement): string {
  switch (element.type) {
    case 'text':
      return element.style?.code ? `\`${element.text}\`` : element.text;
    case 'link':
      return printLink(element.url, element.text);
    case 'user':
      return `@${nameOf(workspace, element.user_id)}`;
    case 'usergroup':
      return `@${handleOf(workspace, element.usergroup_id)}`;
    case 'channel':
      return `#${findChannel(workspace, element.channel_id)?.name ?? element.channel_id}`;
    case 'emoji':
      return printEmoji(element.name, element.unicode);
    case 'date':
      return element.fallback ?? new Date(element.timestamp * 1000).toISOString();
    default:
      return element satisfies never;
  }
}

function printReference(workspace: Workspace, inside: string): string {
  const [target = '', label] = inside.split('|');
  const id = target.slice(1);
  if (target.startsWith('@')) return `@${nameOf(workspace, id)}`;
  if (target.startsWith('#')) return `#${findChannel(workspace, id)?.name ?? label ?? id}`;
  if (target.startsWith('!subteam^')) return `@${handleOf(workspace, target.slice('!subteam^'.length))}`;
  if (target.startsWith('!date^')) return label ?? target;
  return target.startsWith('!') ? `@${id}` : printLink(target, label);
}

function printLink(url: string, label: string | undefined): string {
  return label === undefined || label === url ? url : `${label} (${url})`;
}

function withEmoji(text: string): string {
  return text.replace(/:([a-z0-9_+'-]+):/g, (_all, name: string) => printEmoji(name));
}

function printEmoji(name: string, unicode?: string): string {
  if (unicode === undefined) return EMOJI[name] ?? `:${name}:`;
  return String.fromCodePoint(...unicode.split('-').map((point) => Number.parseInt(point, 16)));
}
