import { type Channel, findChannel, isDirect, type User, type Workspace } from '../workspace.ts';

/** The deprecated way of telling that it was Slack who wrote; still part of every payload. */
export const VERIFICATION_TOKEN = 'pretend-verification-token';

/** Slack does not tell apps the names of private channels here. */
export function nameTold(channel: Channel): string {
  if (isDirect(channel.id)) return 'directmessage';
  return channel.isPrivate ? 'privategroup' : channel.name;
}

export function channelTold(workspace: Workspace, id: string): { id: string; name: string } {
  const channel = findChannel(workspace, id);
  return { id, name: channel ? nameTold(channel) : '' };
}

/** Part of every interactive payload: the person is of their own workspace, unless it happened in that of `teamId`. */
export function whoAndWhere({ team }: Workspace, { user, teamId }: { user: User; teamId: string | null }) {
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: teamId ?? user.teamId },
    team: { id: teamId ?? team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}
