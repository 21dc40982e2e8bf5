import { type Channel, isDirect, type User, type Workspace } from '../workspace.ts';
import { VERIFICATION_TOKEN, visibleChannelName } from './payload-parts.ts';

export type TypedCommand = {
  user: User;
  channel: Channel;
  command: string;
  text: string;
  teamId: string;
  triggerId: string;
  responseUrl: string;
};

/** https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling */
export function slashCommandPayload(workspace: Workspace, typed: TypedCommand): Record<string, string> {
  return {
    token: VERIFICATION_TOKEN,
    team_id: typed.teamId,
    team_domain: workspace.team.domain,
    channel_id: typed.channel.id,
    channel_name: visibleChannelName(typed.channel),
    user_id: typed.user.id,
    user_name: typed.user.name,
    command: typed.command,
    text: escapeTyped(workspace, typed.text),
    api_app_id: workspace.bot.appId,
    is_enterprise_install: 'false',
    response_url: typed.responseUrl,
    trigger_id: typed.triggerId,
  };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** A mention is not part of a word, unlike the `@` of an e-mail address. */
const MENTIONED = /(?<![\p{L}\p{N}])(?<sign>[@#])(?<name>[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)/giu;

/** The effect of the manifest's `should_escape`: mentions become IDs. */
export function escapeTyped(workspace: Workspace, text: string): string {
  const escaped = text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
  return escaped.replace(MENTIONED, (typed: string, sign: string, name: string) => {
    const mention = sign === '#' ? channelMention : personMention;
    return mention(workspace, name.toLowerCase()) ?? typed;
  });
}

function channelMention({ channels }: Workspace, name: string): string | undefined {
  const channel = channels.find((each) => each.name === name && !isDirect(each.id));
  return channel && `<#${channel.id}|${channel.isPrivate ? '' : channel.name}>`;
}

function personMention({ users, groups }: Workspace, name: string): string | undefined {
  const user = users.find((each) => each.name === name);
  if (user) return `<@${user.id}>`;
  const group = groups.find((each) => each.handle === name);
  if (group) return `<!subteam^${group.id}|@${group.handle}>`;
  return ['here', 'channel', 'everyone'].includes(name) ? `<!${name}>` : undefined;
}
