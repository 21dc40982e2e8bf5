import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { plain } from '../../locales/translator.ts';
import type { AuditContext } from '../audit-command.ts';
import { Failure } from '../failure.ts';
import type { ExpectedMessages } from './expected-messages.ts';
import { botIn } from './export-bot.ts';
import { isPostedBy, oldestOf, type PostedMessage, postedMessage, slackMessage, timeOf } from './posted-message.ts';
import { expectedAt, type ReadChannel, type ReadMessages } from './read-messages.ts';

/** A day of a channel is not larger. */
const largestFile = 100_000_000;

/** Public and private channels (slack.com/help/articles/220556107). An export of public channels has no private ones. */
const lists = ['channels.json', 'groups.json'];

const channelList = z.array(z.object({ id: z.string(), name: z.string() }));
const messageList = z.array(z.unknown());

const dayFile = /^\d{4}-\d\d-\d\d\.json$/;

type Export = { readonly folder: string; readonly expected: ExpectedMessages; readonly context: AuditContext };

/**
 * Reads the bot's messages from an unpacked workspace export: a folder for each channel, with a file for each day. Whether an
 * export has the metadata of messages is not documented, so it need not.
 *
 * @param named the account of the bot; null: it is found out by the messages that look like its own
 */
export function readExport(from: Export, named: string | null): ReadMessages {
  const { folder, expected, context } = from;
  const author = named ?? botIn(readChannels(from, null).messages, expected);
  const { channels, messages, until } = readChannels(from, author);
  if (author === null && messages.length > 0) {
    throw new Failure(context.translator.translate('verify.export.whose', { path: folder }));
  }
  const read = new Set(channels.map(({ id }) => id));
  const unread = [...expected.keys()].filter((id) => !read.has(id)).map((id) => ({ id, why: 'not_in_export' }));
  return { channels, unread, messages, author, until, hasMetadata: false, linkTo: () => null };
}

/** `bot`: its account, whose messages are read in any case; null: not known yet. */
function readChannels(from: Export, bot: string | null): Pick<ReadMessages, 'channels' | 'messages' | 'until'> {
  const { context } = from;
  const channels: ReadChannel[] = [];
  const messages: PostedMessage[] = [];
  let until = 0;
  for (const channel of channelsIn(from)) {
    const read = readChannel(channel, from, bot);
    channels.push({ ...channel, formerIds: [], oldest: read.oldest });
    until = Math.max(until, read.newest);
    for (const message of read.messages.values()) messages.push(message);
    const counted = { channel: `#${channel.name}`, messages: messages.length };
    context.progress(() => plain(context.translator.translate('verify.slack.progress', counted)));
  }
  return { channels, messages, until };
}

type Listed = z.output<typeof channelList>[number];

function channelsIn({ folder, context }: Export): readonly Listed[] {
  const found = lists.filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile());
  if (found.length === 0) throw new Failure(context.translator.translate('verify.export.none', { path: folder }));
  return found.flatMap((name) => readJson(join(folder, name), channelList, context));
}

function readChannel({ id, name }: Listed, { folder, expected, context }: Export, bot: string | null) {
  // A reply that was also sent to the channel can stand in the export twice.
  const messages = new Map<string, PostedMessage>();
  let oldest: number | null = null;
  let newest = 0;
  for (const path of daysIn(folder, name)) {
    for (const entry of readJson(path, messageList, context)) {
      const { data } = slackMessage.safeParse(entry);
      if (data === undefined) continue;
      oldest = oldestOf([data], oldest);
      newest = Math.max(newest, timeOf(data));
      const isExpected = expectedAt(expected, { id, formerIds: [] }, data.ts) !== null;
      const posted = postedMessage(id, data, isExpected || isPostedBy(bot, data));
      if (posted !== null) messages.set(posted.ts, posted);
    }
  }
  return { messages, oldest, newest };
}

/** A channel without messages in the period of the export can lack its folder. */
function daysIn(folder: string, name: string): readonly string[] {
  const path = join(folder, name);
  const isFolder = basename(path) === name && statSync(path, { throwIfNoEntry: false })?.isDirectory();
  if (!isFolder) return [];
  return readdirSync(path)
    .filter((file) => dayFile.test(file))
    .toSorted()
    .map((file) => join(path, file));
}

function readJson<T>(path: string, shape: z.ZodType<T>, { translator }: AuditContext): T {
  try {
    const { size } = statSync(path);
    if (size > largestFile) throw new RangeError(`${size} bytes`);
    const read = shape.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (!read.success) throw new SyntaxError(z.prettifyError(read.error).split('\n')[0]);
    return read.data;
  } catch (error) {
    const detail = Error.isError(error) ? error.message : String(error);
    throw new Failure(translator.translate('verify.export.broken', { path, detail }));
  }
}
