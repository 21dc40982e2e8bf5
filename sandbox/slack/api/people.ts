import { z } from 'zod';
import type { SlackContext } from '../context.ts';
import { findGroup, findUser, type Group, type User } from '../workspace.ts';
import { failure } from './answer.ts';
import { flag, method } from './method.ts';
import { cursorTo, cutPage } from './pages.ts';

export const userInfo = method({
  token: 'bot',
  scopes: ['users:read'],
  args: z.object({ user: z.string(), include_locale: flag }),
  run: ({ workspace }, args) => {
    const found = findUser(workspace, args.user);
    if (!found) return failure('user_not_found');
    const stranger = found.teamId === workspace.team.id ? {} : { is_stranger: found.isStranger };
    return { ok: true, user: { ...viewUser(found), ...stranger, ...viewLocale(found, args.include_locale) } };
  },
});

/** The largest page: "specify a limit value under 1000". */
const mostMembers = 999;

/** Everybody in the workspace, also deactivated people and bots. Without a limit, or with 0, all at once. */
export const userList = method({
  token: 'bot',
  scopes: ['users:read'],
  args: z.object({
    include_locale: flag,
    limit: z.coerce.number().int().min(0).default(0),
    cursor: z.string().optional(),
  }),
  run: ({ workspace }, { include_locale, limit, cursor }) => {
    const { team, users } = workspace;
    const members = users.filter(({ teamId, enterpriseTeams = [] }) => [teamId, ...enterpriseTeams].includes(team.id));
    const pageLimit = limit === 0 ? null : Math.min(limit, mostMembers);
    const page = cutPage(members, ({ id }) => cursorTo('user', id), { limit: pageLimit, cursor });
    if (!page.ok) return page;
    return {
      ok: true,
      members: page.items.map((member) => ({ ...viewUser(member), ...viewLocale(member, include_locale) })),
      cache_ts: 1_700_000_000,
      response_metadata: { next_cursor: page.nextCursor },
    };
  },
});

export const groupUsers = method({
  token: 'bot',
  scopes: ['usergroups:read'],
  args: z.object({ usergroup: z.string(), include_disabled: flag }),
  run: ({ workspace }, args) => {
    const group = findGroup(workspace, args.usergroup);
    const isThere = group !== undefined && (args.include_disabled || !group.isDisabled);
    return isThere ? { ok: true, users: group.users } : failure('no_such_subteam');
  },
});

export const groupList = method({
  token: 'bot',
  scopes: ['usergroups:read'],
  args: z.object({ include_users: flag, include_disabled: flag }),
  run: (context, { include_users, include_disabled }) => {
    const view = (group: Group) => viewGroup(context, group, include_users);
    const listed = context.workspace.groups.filter(({ isDisabled }) => include_disabled || !isDisabled);
    return { ok: true, usergroups: listed.map(view) };
  },
});

/** For a deactivated person, Slack no longer returns the kind of membership. */
function viewUser(person: User): Record<string, unknown> {
  const { id, name, realName, teamId, tz } = person;
  return {
    id,
    team_id: teamId,
    name,
    deleted: person.deleted,
    real_name: realName,
    profile: { real_name: realName, display_name: name, team: teamId },
    is_bot: person.isBot,
    is_app_user: false,
    updated: 1_700_000_000,
    ...(!person.deleted && { tz, is_admin: false, is_owner: false, is_primary_owner: false }),
    ...(!person.deleted && { is_restricted: person.isRestricted, is_ultra_restricted: person.isUltraRestricted }),
    ...viewEnterprise(person),
  };
}

function viewLocale({ locale }: User, isWanted: boolean): { locale?: string } {
  return isWanted ? { locale } : {};
}

/** https://docs.slack.dev/reference/objects/user-object: only for people of an organisation. */
function viewEnterprise({ id, teamId, enterpriseId, enterpriseTeams }: User): Record<string, unknown> {
  if (enterpriseId === undefined) return {};
  return { enterprise_user: { id, enterprise_id: enterpriseId, teams: enterpriseTeams ?? [teamId] } };
}

function viewGroup({ workspace }: SlackContext, { id, handle, users, isDisabled }: Group, withUsers: boolean) {
  return {
    id,
    team_id: workspace.team.id,
    is_usergroup: true,
    is_external: false,
    name: handle,
    handle,
    date_delete: isDisabled ? 1_700_000_000 : 0,
    user_count: users.length,
    ...(withUsers && { users }),
  };
}
