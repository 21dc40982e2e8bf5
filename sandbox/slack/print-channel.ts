import type { Content } from './content.ts';
import { printBlock } from './print-blocks.ts';
import { nameOf, printMrkdwn } from './print-text.ts';
import { printView } from './print-view.ts';
import { findChannel, findUser, type Message, messagesIn, type PrivateReply, type Workspace } from './workspace.ts';
import { wrapLine } from './wrap.ts';

const WIDTH = 100;

export type PrintOptions = {
  /** The view of this person, in their time zone. Default: what everybody sees, in UTC. */
  as?: string;
};

/** The channel as text for a terminal. */
export function printChannel(workspace: Workspace, channelId: string, { as }: PrintOptions = {}): string {
  const channel = findChannel(workspace, channelId);
  if (!channel) return `There is no channel ${channelId}.`;
  const timeZone = (as === undefined ? undefined : findUser(workspace, as)?.tz) ?? 'UTC';
  const entries = entriesOf(workspace, channelId).filter(({ seenBy }) => seenBy === null || !as || seenBy === as);
  return [`#${channel.name}`, ...printEntries(workspace, entries, timeZone)].join('\n');
}

/** All channels, open modals and mistakes, for the error of a wait that times out. */
export function describeWorkspace(workspace: Workspace): string {
  const spoken = [...workspace.messages, ...workspace.privateReplies].map(({ channel }) => channel);
  const channels = [...new Set(spoken)].map((channel) => printChannel(workspace, channel));
  const modals = workspace.views.map((shown) => printView(workspace, shown));
  const mistakes = workspace.mistakes.map((mistake) => `Mistake: ${mistake}`);
  return [...(channels.length > 0 ? channels : ['There are no messages.']), ...modals, ...mistakes].join('\n\n');
}

type Entry = {
  /** Milliseconds since 1970. */
  at: number;
  /** Null for a private reply, which cannot have replies. */
  ts: string | null;
  threadTs: string | null;
  name: string;
  marks: string[];
  content: Content;
  seenBy: string | null;
};

function entriesOf(workspace: Workspace, channel: string): Entry[] {
  const replies = workspace.privateReplies.filter((reply) => reply.channel === channel);
  const entries = [
    ...messagesIn(workspace, channel).map((message) => entryOfMessage(workspace, message)),
    ...replies.map((reply) => entryOfReply(workspace, reply)),
  ];
  return entries.sort((one, other) => one.at - other.at);
}

function entryOfMessage(workspace: Workspace, message: Message): Entry {
  const { ts, threadTs } = message;
  const edited = message.edited ? ['(edited)'] : [];
  const broadcast = message.replyBroadcast ? ['(also sent to the channel)'] : [];
  const name = nameOf(workspace, message.userId);
  return {
    at: Number(ts) * 1000,
    ts,
    threadTs,
    name,
    marks: [...edited, ...broadcast],
    content: message,
    seenBy: null,
  };
}

function entryOfReply(workspace: Workspace, reply: PrivateReply): Entry {
  const marks = [`(only visible to ${nameOf(workspace, reply.user)})`];
  const { at, threadTs, user: seenBy } = reply;
  return { at, ts: null, threadTs, name: workspace.bot.name, marks, content: reply, seenBy };
}

/** Replies are printed under their message. A reply to a deleted message is printed alone. */
function printEntries(workspace: Workspace, entries: Entry[], timeZone: string): string[] {
  const present = new Set(entries.map(({ ts }) => ts));
  const isReply = ({ threadTs }: Entry) => threadTs !== null && present.has(threadTs);
  return entries
    .filter((entry) => !isReply(entry))
    .flatMap((entry) => {
      const thread = entries.filter((each) => entry.ts !== null && each.threadTs === entry.ts);
      const below = thread.flatMap((reply) => printEntry(workspace, reply, { timeZone, margin: '    ' }));
      return [...printEntry(workspace, entry, { timeZone, margin: '' }), ...below];
    });
}

type Layout = { timeZone: string; margin: string };

function printEntry(workspace: Workspace, entry: Entry, { timeZone, margin }: Layout): string[] {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(entry.at);
  const head = `${margin}${[`${time}  ${entry.name}`, ...entry.marks].join(' ')}`;
  const indent = `${margin}       `;
  const lines = linesOf(workspace, entry.content).flatMap((line) => wrapLine(line, WIDTH - indent.length));
  return [head, ...lines.map((line) => `${indent}${line}`.trimEnd())];
}

/** The text is shown only where there are no blocks, as in Slack. */
function linesOf(workspace: Workspace, { text, blocks }: Content): string[] {
  if (blocks.length === 0) return printMrkdwn(workspace, text).split('\n');
  return blocks.flatMap((block) => printBlock(workspace, block));
}
