import { z } from 'zod';
import type { Membership } from '../access/decision.ts';
import { flag } from './channel-look-ups.ts';
import type { Identity } from './identity.ts';

/** The bot's own workspace, and its Enterprise Grid organization, if any. */
export type Home = Pick<Identity, 'team' | 'enterprise'>;

const text = z
  .string()
  .nullish()
  .transform((given) => given ?? undefined);

const user = z.object({
  team_id: text,
  deleted: flag,
  is_bot: flag,
  is_restricted: flag,
  is_ultra_restricted: flag,
  is_stranger: flag,
  // Rights do not depend on it, so any value is accepted.
  locale: z.string().catch('en-US'),
  // Absent for some bots.
  tz: z.string().nullable().catch(null),
  enterprise_user: z
    .object({
      enterprise_id: text,
      teams: z
        .array(z.string())
        .nullish()
        .transform((all) => all ?? []),
    })
    .nullish(),
});

/** Errors which say that Slack has nothing with that ID. */
export const absences: ReadonlySet<string> = new Set(['user_not_found', 'no_such_subteam', 'subteam_not_found']);

/** The answer of users.info. */
export const userInfo = z.object({ user });

/** A page of users.list. */
export const userList = z.object({ members: z.array(user.extend({ id: z.string() })) });

export type User = z.output<typeof user>;

/** What Slack says of an account. */
export function membershipOf(user: User, home: Home): Membership {
  if (user.deleted) return 'deactivated';
  if (user.is_bot) return 'bot';
  if (user.is_stranger) return 'stranger';
  if (!isOfTeam(user, home.team)) return isOfEnterprise(user, home) ? 'other_workspace' : 'stranger';
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : 'member';
}

/** On Enterprise Grid a person belongs to several workspaces. */
function isOfTeam({ team_id, enterprise_user }: User, team: string): boolean {
  return team_id === team || (enterprise_user?.teams.includes(team) ?? false);
}

/** A colleague from another workspace of the same organization. */
function isOfEnterprise({ enterprise_user }: User, { enterprise }: Home): boolean {
  return enterprise !== null && enterprise_user?.enterprise_id === enterprise;
}
