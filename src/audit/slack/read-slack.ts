import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { exitCodes } from '../../command-line.ts';
import { plain } from '../../locales/translator.ts';
import { problemLine } from '../../settings/problem.ts';
import type { SlackAccess } from '../../settings/settings.ts';
import { boltLogger, createClients } from '../../slack/clients.ts';
import { createSlackCalls, type SlackCall } from '../../slack/slack-calls.ts';
import { failureReason, isSlackWorking, platformError, refusesToken } from '../../slack/slack-error.ts';
import type { AuditContext } from '../audit-command.ts';
import { Failure } from '../failure.ts';
import type { ExpectedMessages } from './expected-messages.ts';
import {
  isPostedBy,
  type MessagePlace,
  oldestOf,
  type PostedMessage,
  postedMessage,
  type SlackMessage,
  slackMessage,
} from './posted-message.ts';
import { expectedAt, type ReadChannel, type ReadMessages, type UnreadChannel } from './read-messages.ts';

/** Slack recommends no more than 200 at a time, and may return fewer. */
const pageSize = 200;

/** A long reading outlasts an outage of half a minute; before it begins, a wrong address should be known soon. */
const mostFailures = { before: 0, meanwhile: 5 };

const authTest = z.object({ url: z.string(), user_id: z.string() });
const channelInfo = z.object({ channel: z.object({ id: z.string(), name: z.string() }) });
const pageEnd = z.object({ response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish() });
const channelList = pageEnd.extend({ channels: z.array(channelInfo.shape.channel) });
const messagePage = pageEnd.extend({ messages: z.array(z.unknown()) });

type Channel = Pick<ReadChannel, 'id' | 'name' | 'formerIds'>;

/** The token's account, and how it calls Slack. */
type Slack = { readonly client: webApi.WebClient; readonly call: SlackCall };

type Reading = Slack & {
  readonly botUser: string;
  readonly expected: ExpectedMessages;
  /** In milliseconds since the epoch. */
  readonly from: number;
  read(channel: Channel, messages: number): void;
};

/**
 * Reads the bot's messages from the channels of the ledger, and from those in which it is a member, with their threads.
 * Throws a Failure where Slack refuses the token, or does not answer.
 */
export async function readSlack(
  { botToken, apiUrl }: SlackAccess,
  expected: ExpectedMessages,
  from: number,
  context: AuditContext,
): Promise<ReadMessages> {
  const client = createClients({ token: botToken, apiUrl, logger: silent, clock: { begin: () => () => {} } }).reader;
  const { pause } = context;
  const slack: Slack = { client, call: createSlackCalls(mostFailures.meanwhile, { pause }) };
  try {
    const identify = createSlackCalls(mostFailures.before, { pause });
    const { url, user_id: botUser } = authTest.parse(await identify('auth.test', () => client.auth.test()));
    const progress = (channel: Channel, messages: number) =>
      context.progress(() =>
        plain(context.translator.translate('verify.slack.progress', { channel: `#${channel.name}`, messages })),
      );
    const reading = { ...slack, botUser, expected, from, read: progress };
    const linkTo = (place: MessagePlace) => linkIn(url, place);
    return { ...(await readAll(reading)), author: botUser, until: Number.POSITIVE_INFINITY, hasMetadata: true, linkTo };
  } catch (error) {
    throw error instanceof Failure ? error : slackFailure(error, context);
  }
}

const silent = boltLogger({ error() {}, warn() {}, info() {} });

function slackFailure(error: unknown, { translator }: AuditContext): Failure {
  const detail = failureReason(error);
  if (!refusesToken(detail)) return new Failure(translator.translate('verify.slack.failed', { detail }));
  const what = plain(translator.translate('settings.slack_refused', { detail }));
  return new Failure(problemLine({ name: 'SLACK_BOT_TOKEN', what }, translator), exitCodes.settings);
}

/** As Slack's own links: https://acme.slack.com/archives/C0OPS/p1700000000000100 */
function linkIn(workspace: string, { channel, ts, thread }: MessagePlace): string {
  const inThread = thread === null ? '' : `?thread_ts=${thread}&cid=${channel}`;
  return `${workspace}archives/${channel}/p${ts.replace('.', '')}${inThread}`;
}

async function readAll(reading: Reading): Promise<Pick<ReadMessages, 'channels' | 'unread' | 'messages'>> {
  const channels: ReadChannel[] = [];
  const messages: PostedMessage[] = [];
  const { found, unread } = await channelsToRead(reading);
  for (const channel of found) {
    const read = await unlessRefused(() => readChannel(channel, reading));
    if ('refusal' in read) {
      unread.push(...unreadOf(channel, read.refusal, reading));
      continue;
    }
    channels.push({ ...channel, oldest: read.value.oldest });
    for (const message of read.value.messages) messages.push(message);
  }
  return { channels, unread, messages };
}

/** A channel that the ledger does not know need not be read. */
function unreadOf({ id, formerIds }: Channel, why: string, { expected }: Reading): readonly UnreadChannel[] {
  return [id, ...formerIds].filter((one) => expected.has(one)).map((one) => ({ id: one, why }));
}

/** The channels of the ledger under their present IDs, and the others in which the bot is a member. */
async function channelsToRead({ client, call, expected }: Reading) {
  const found = new Map<string, Channel>();
  const unread: UnreadChannel[] = [];
  for (const id of expected.keys()) {
    const info = await unlessRefused(() =>
      call('conversations.info', async () => channelInfo.parse(await client.conversations.info({ channel: id }))),
    );
    if ('refusal' in info && info.refusal !== 'missing_scope') {
      unread.push({ id, why: info.refusal });
      continue;
    }
    const now = 'refusal' in info ? { id, name: id } : info.value.channel;
    const formerIds = now.id === id ? [] : [id];
    found.set(now.id, { ...now, formerIds: [...(found.get(now.id)?.formerIds ?? []), ...formerIds] });
  }
  for (const { id, name } of await ownChannels({ client, call })) {
    if (!found.has(id)) found.set(id, { id, name, formerIds: [] });
  }
  return { found: [...found.values()], unread: unread.filter(({ id }) => !found.has(id)) };
}

/** Without the scope for private channels, the public ones; without either, none. */
async function ownChannels(slack: Slack): Promise<readonly { readonly id: string; readonly name: string }[]> {
  for (const types of ['public_channel,private_channel', 'public_channel']) {
    const listed = await unlessRefused(() => listChannels(slack, types));
    if ('value' in listed) return listed.value;
    if (listed.isTrouble) throw listed.error;
  }
  return [];
}

async function listChannels({ client, call }: Slack, types: string) {
  const all: z.output<typeof channelInfo>['channel'][] = [];
  let cursor: string | null = null;
  do {
    const options = { types, limit: pageSize, ...(cursor && { cursor }) };
    const page = await call('users.conversations', async () =>
      channelList.parse(await client.users.conversations(options)),
    );
    for (const channel of page.channels) all.push(channel);
    cursor = nextCursor(page, cursor);
  } while (cursor !== null);
  return all;
}

/** `isTrouble`: Slack may do it later. */
type Refused = { readonly refusal: string; readonly isTrouble: boolean; readonly error: unknown };

/** Slack's error code where it refuses this channel or method, which says nothing about others. */
async function unlessRefused<T>(work: () => Promise<T>): Promise<{ readonly value: T } | Refused> {
  try {
    return { value: await work() };
  } catch (error) {
    const refusal = platformError(error);
    if (refusal === null || refusesToken(refusal)) throw error;
    return { refusal, isTrouble: !isSlackWorking(error), error };
  }
}

async function readChannel(channel: Channel, reading: Reading) {
  // A reply that was also sent to the channel is read twice.
  const messages = new Map<string, PostedMessage>();
  let oldest = await beforePeriod(channel.id, reading);
  const keep = (message: SlackMessage) => {
    const isExpected = expectedAt(reading.expected, channel, message.ts) !== null;
    const posted = postedMessage(channel.id, message, isExpected || isPostedBy(reading.botUser, message));
    if (posted !== null) messages.set(posted.ts, posted);
  };
  for await (const page of pages(channel.id, null, reading)) {
    oldest = oldestOf(page, oldest);
    for (const message of page) {
      keep(message);
      if (!hasOwnReplies(message, channel, reading)) continue;
      for await (const replies of pages(channel.id, message.ts, reading)) for (const reply of replies) keep(reply);
      reading.read(channel, messages.size);
    }
    reading.read(channel, messages.size);
  }
  return { messages: messages.values(), oldest };
}

/** Also below a message that was deleted, and below one of somebody else. */
function hasOwnReplies(
  { ts, user, reply_count: count = 0, reply_users: users = [], reply_users_count: all = 0 }: SlackMessage,
  channel: Channel,
  { botUser, expected }: Reading,
): boolean {
  // Slack names a few of those who replied.
  const isNamed = users.includes(botUser) || all > users.length;
  return count > 0 && (user === botUser || isNamed || expectedAt(expected, channel, ts) !== null);
}

/** The pages of a channel's history, or of a thread. */
async function* pages(
  channel: string,
  thread: string | null,
  { client, call, from }: Reading,
): AsyncGenerator<readonly SlackMessage[]> {
  const oldest = from === 0 ? {} : { oldest: String(Math.floor(from / 1_000)) };
  const options = { channel, ...oldest, limit: pageSize, include_all_metadata: true };
  let cursor: string | null = null;
  do {
    const next = { ...options, ...(cursor && { cursor }) };
    const read = () =>
      thread === null
        ? call('conversations.history', () => client.conversations.history(next))
        : call('conversations.replies', () => client.conversations.replies({ ...next, ts: thread }));
    const answer = await unlessGone(read);
    if (answer === null) return;
    const page = messagePage.parse(answer);
    yield messagesIn(page);
    cursor = nextCursor(page, cursor);
  } while (cursor !== null);
}

function messagesIn({ messages }: z.output<typeof messagePage>): readonly SlackMessage[] {
  return messages.flatMap((message) => slackMessage.safeParse(message).data ?? []);
}

/** Null on the last page. Throws where Slack, or a proxy that keeps its answers, returns the same page again. */
function nextCursor({ response_metadata }: z.output<typeof pageEnd>, last: string | null): string | null {
  const next = response_metadata?.next_cursor || null;
  if (next !== null && next === last) throw new Error(`the same page again (${next})`);
  return next;
}

/**
 * The time of a message that is older than the period; null where there is none. Without it, a message that somebody removed
 * at the beginning of the period would look like one that retention has removed.
 */
async function beforePeriod(channel: string, { client, call, from }: Reading): Promise<number | null> {
  if (from === 0) return null;
  const options = { channel, latest: String(Math.floor(from / 1_000)), limit: pageSize };
  const answer = await call('conversations.history', () => client.conversations.history(options));
  return oldestOf(messagesIn(messagePage.parse(answer)), null);
}

/** Null where the thread was deleted meanwhile. */
async function unlessGone<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (platformError(error) === 'thread_not_found') return null;
    throw error;
  }
}
