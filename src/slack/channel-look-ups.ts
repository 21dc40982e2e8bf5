import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Place } from '../access/decision.ts';
import { platformError } from './slack-error.ts';

/** Slack omits a flag that is false, or sends null. */
export const flag = z.boolean().nullish().transform(Boolean);

const channelInfo = z.object({
  channel: z.object({
    is_archived: flag,
    is_ext_shared: flag,
    is_member: flag,
    is_private: flag,
  }),
});

/** Without one of the flags, the list says nothing about sharing: then nobody is let in by it. */
const channelList = z.object({
  channels: z.array(
    z.object({ id: z.string(), is_archived: z.boolean(), is_ext_shared: z.boolean(), is_private: flag }),
  ),
});

/** Slack's documentation of users.list, users.conversations and conversations.members: a limit under 1,000. */
export const mostInPage = 999;

/** The longest lists that are read. In larger workspaces single look-ups stay limited. */
export const mostPages = 5;

/** The members of a larger channel stay unknown: somebody waits for the answer. */
const mostPagesOfMembers = 3;

/** Stands for the ID of a channel that Slack does not show. */
export const hidden = '';

const channelId = z.object({ channel: z.object({ id: z.string().min(1) }) });

const channelMembers = z.object({ members: z.array(z.string()) });

const conversations = z.object({ channels: z.array(z.object({ id: z.string(), name: z.string().default('') })) });

/**
 * With a user, "non-public channels are restricted to those where the calling user shares membership"
 * (https://docs.slack.dev/reference/methods/users.conversations): the bot sees no private channel that it is not in.
 */
export async function channelsOf(client: webApi.WebClient, user: string, clock: () => number) {
  const askedAt = clock();
  const channels = new Map<string, string>();
  const types = 'public_channel,private_channel';
  let pages = 0;
  for await (const page of client.paginate('users.conversations', { user, limit: mostInPage, types })) {
    for (const { id, name } of conversations.parse(page).channels) channels.set(id, name);
    if (++pages === mostPages) return { askedAt, channels, isComplete: !page.response_metadata?.next_cursor };
  }
  return { askedAt, channels, isComplete: true };
}

/** @returns `members` is null if there are too many to read */
export async function membersOf(client: webApi.WebClient, channel: string, clock: () => number) {
  const askedAt = clock();
  const members = new Set<string>();
  let pages = 0;
  for await (const page of client.paginate('conversations.members', { channel, limit: mostInPage })) {
    for (const id of channelMembers.parse(page).members) members.add(id);
    if (++pages === mostPagesOfMembers)
      return { askedAt, members: page.response_metadata?.next_cursor ? null : members };
  }
  return { askedAt, members };
}

/** Slack does not document who can press a button in a public channel: whoever has not joined it counts as able. */
export const everybody = { members: null };

/** The channels of which the bot is a member. */
export function botsChannels(client: webApi.WebClient): AsyncIterable<webApi.WebAPICallResult> {
  return client.paginate('users.conversations', { limit: mostInPage, types: 'public_channel,private_channel' });
}

type KnownPlace = Place & { readonly isPrivate: boolean };

export function placesIn(page: webApi.WebAPICallResult): readonly (readonly [string, KnownPlace])[] {
  return channelList
    .parse(page)
    .channels.map(({ id, is_ext_shared: shared, is_archived: archived, is_private: isPrivate }) => [
      id,
      { shared, archived, botIsMember: true, isPrivate },
    ]);
}

export async function placeOf(client: webApi.WebClient, channel: string): Promise<KnownPlace> {
  try {
    const info = channelInfo.parse(await client.conversations.info({ channel })).channel;
    const { is_ext_shared: shared, is_archived: archived, is_member: botIsMember, is_private: isPrivate } = info;
    return { shared, archived, botIsMember, isPrivate };
  } catch (error) {
    if (!isHidden(channel, platformError(error))) throw error;
    return { shared: false, archived: false, botIsMember: false, isPrivate: true };
  }
}

/** The ID that the channel has now. */
export async function idOf(client: webApi.WebClient, channel: string): Promise<string> {
  try {
    return channelId.parse(await client.conversations.info({ channel })).channel.id;
  } catch (error) {
    if (platformError(error) === 'channel_not_found') return hidden;
    throw error;
  }
}

/** Slack hides private channels from a bot that is not a member, and direct messages from a bot without their scope. */
function isHidden(channel: string, code: string | null): boolean {
  return code === 'channel_not_found' || (code === 'missing_scope' && channel.startsWith('D'));
}
