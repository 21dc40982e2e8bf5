import { z } from 'zod';
import type { Configuration } from '../../settings/settings.ts';
import { flag, mostInPage, mostPages } from '../../slack/channel-look-ups.ts';
import { failureReason, platformError } from '../../slack/slack-error.ts';
import { found } from '../finding.ts';
import { forEachConcurrently } from '../limited-concurrency.ts';
import type { SlackReader } from '../slack-session.ts';
import type { Check, Report } from './check.ts';
import { lacksScope, slackFor } from './slack-access.ts';

/** `is_frozen` and `is_read_only`: https://docs.slack.dev/reference/objects/conversation-object; not every answer has them. */
const channel = z.object({
  id: z.string(),
  name: z.string().optional(),
  is_archived: flag,
  is_ext_shared: flag,
  is_private: flag,
  is_frozen: flag,
  is_read_only: flag,
});
type Channel = z.output<typeof channel>;

const channelInfo = z.object({ channel: channel.extend({ is_member: flag }) });
const channelPage = z.object({ channels: z.array(channel) });
const pageEnd = z.object({ response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish() });

/** Slack's limit is 50 calls a minute. The bot needs some of them. */
const mostLookUps = 20;
const atOnce = 4;

/** Every channel of the rules and of the watches, and that of the record: whether the bot can post there, and read. */
export const checkChannels: Check = async (context, report) => {
  const session = await slackFor(context, report);
  if (session === null || context.known.adobe === null) return;
  const ready = await lookAtChannels(context.known.adobe.configuration, session, report);
  await forEachConcurrently(ready.slice(0, mostLookUps), atOnce, (one) => tryReading(one, session, report));
};

/** @returns the channels in which the bot can post */
export async function lookAtChannels(
  { policy, recordChannel, watches }: Pick<Configuration, 'policy' | 'recordChannel' | 'watches'>,
  slack: SlackReader,
  report: Report,
): Promise<readonly Channel[]> {
  const wanted = new Set(policy.rules.flatMap(({ channels }) => [...channels]));
  if (recordChannel !== null) wanted.add(recordChannel);
  for (const { channel } of watches) wanted.add(channel);
  if (wanted.size === 0) return [];
  const joined = await channelsOfBot(slack);
  const others = [...wanted].filter((id) => !joined.has(id));
  const ready = [...wanted].map((id) => joined.get(id)).filter((one) => one !== undefined);
  const able = ready.filter((one) => judge(one, policy.sharedChannels, report));
  await forEachConcurrently(others.slice(0, mostLookUps), atOnce, (id) => lookUp(id, slack, report, able));
  if (others.length > mostLookUps) report(found('warning', 'not_all_checked', { left: others.length - mostLookUps }));
  return able;

  async function lookUp(id: string, slack: SlackReader, report: Report, able: Channel[]): Promise<void> {
    const one = await infoOf(id, slack, report);
    if (one === null) return;
    if (one.id !== id) return report(found('failure', 'channel_moved', { before: id, label: labelOf(one) }));
    if (one.is_archived || one.is_member) {
      if (judge(one, policy.sharedChannels, report)) able.push(one);
      return;
    }
    report(found('failure', 'channel_without_bot', { label: labelOf(one), invite: inviteOf(slack) }, { channel: id }));
  }
}

/** All at once, where Slack permits that. */
async function channelsOfBot({ client, call }: SlackReader): Promise<ReadonlyMap<string, Channel>> {
  const channels = new Map<string, Channel>();
  try {
    let cursor = '';
    for (let pages = 0; pages < mostPages; pages++) {
      const page = await call('users.conversations', () =>
        client.users.conversations({
          ...{ limit: mostInPage, types: 'public_channel,private_channel' },
          ...(cursor !== '' && { cursor }),
        }),
      );
      for (const one of channelPage.parse(page).channels) channels.set(one.id, one);
      cursor = pageEnd.parse(page).response_metadata?.next_cursor ?? '';
      if (cursor === '') break;
    }
  } catch (error) {
    // Each is looked up by itself, and says what is wrong.
    if (platformError(error) === null) throw error;
  }
  return channels;
}

async function infoOf(id: string, { client, call, identity }: SlackReader, report: Report) {
  try {
    return channelInfo.parse(await call('conversations.info', () => client.conversations.info({ channel: id })))
      .channel;
  } catch (error) {
    if (platformError(error) === 'channel_not_found') {
      report(found('failure', 'channel_hidden', { channel: id, invite: inviteOf({ identity }) }));
    } else report(found('warning', 'look_up_failed', { id, problem: failureReason(error) }));
    return null;
  }
}

/** Whether the bot, which is a member, can work in it. */
function judge(one: Channel, shared: ReadonlySet<string>, report: Report): boolean {
  const named = { channel: one.id, label: labelOf(one) };
  if (one.is_archived) report(found('failure', 'channel_archived', named));
  else if (one.is_ext_shared && !shared.has(one.id))
    report(found('failure', 'channel_shared', { ...named, list: 'shared_channels' }));
  else if (one.is_frozen || one.is_read_only) report(found('warning', 'channel_restricted', named));
  else {
    const kind = one.is_ext_shared ? 'shared' : one.is_private ? 'private' : 'public';
    report(found('ok', 'channel_ready', { ...named, kind }));
    return true;
  }
  return false;
}

async function tryReading(one: Channel, { client, call }: SlackReader, report: Report): Promise<void> {
  try {
    await call('conversations.history', () => client.conversations.history({ channel: one.id, limit: 1 }));
  } catch (error) {
    const named = { channel: one.id, label: labelOf(one) };
    if (!lacksScope(error)) report(found('warning', 'channel_unreadable', { ...named, problem: failureReason(error) }));
  }
}

function labelOf({ id, name }: Pick<Channel, 'id' | 'name'>): string {
  return name === undefined ? id : `#${name} (${id})`;
}

function inviteOf({ identity }: Pick<SlackReader, 'identity'>): string {
  return `/invite @${identity.name}`;
}
