import { type Channel, findChannel, isDirect, type User, type Workspace } from '../workspace.ts';

/** Slack's deprecated verification token, still part of every payload. */
export const VERIFICATION_TOKEN = 'pretend-verification-token';

/** Slack hides the names of private channels here. */
export function visibleChannelName(channel: Channel): string {
  if (isDirect(channel.id)) return 'directmessage';
  return channel.isPrivate ? 'privategroup' : channel.name;
}

export function channelReference(workspace: Workspace, id: string): { id: string; name: string } {
  const channel = findChannel(workspace, id);
  return { id, name: channel ? visibleChannelName(channel) : '' };
}

/** Part of every interactive payload. `teamId`: the workspace of the interaction, where it is not the person's own. */
export function userAndTeam({ team }: Workspace, { user, teamId }: { user: User; teamId: string | null }) {
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: teamId ?? user.teamId },
    team: { id: teamId ?? team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}
