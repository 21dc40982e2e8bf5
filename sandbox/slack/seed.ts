import type { BotIdentity, Channel, Group, Team, User, Workspace } from './workspace.ts';

export type WorkspaceSeed = {
  team: Team;
  bot: BotIdentity;
  users: readonly User[];
  channels: readonly Channel[];
  groups: readonly Group[];
};

const TEAM: Team = { id: 'T0ACME', name: 'Acme', domain: 'acme' };

const BOT: BotIdentity = { userId: 'U0BOT', botId: 'B0BOT', appId: 'A0APP', name: 'campaign-wf' };

/** An ordinary member by default. */
export function user(id: string, name: string, realName: string, other: Partial<User> = {}): User {
  return {
    id,
    name,
    realName,
    teamId: TEAM.id,
    deleted: false,
    isBot: false,
    isRestricted: false,
    isUltraRestricted: false,
    isStranger: false,
    locale: 'en-US',
    tz: 'Europe/Paris',
    ...other,
  };
}

/** A public channel without members by default. */
export function channel(id: string, name: string, other: Partial<Channel> = {}): Channel {
  return { id, name, isPrivate: false, isArchived: false, isExtShared: false, members: [], ...other };
}

export const USERS: readonly User[] = [
  user('U0ALICE', 'alice', 'Alice Operator'),
  user('U0BOB', 'bob', 'Bob Lead'),
  user('U0CAROL', 'carol', 'Carol Lead'),
  user('U0DAVE', 'dave', 'Dave Member'),
  user('U0GINA', 'gina', 'Gina Guest', { isRestricted: true }),
  user('U0PAT', 'pat', 'Pat Partner', { teamId: 'T0PARTNER', isStranger: true }),
  user('U0GONE', 'gone', 'Gone Member', { deleted: true }),
  user('U0ROBOT', 'robot', 'Another Robot', { isBot: true }),
];

const EVERYBODY_BUT_PAT = ['U0BOT', 'U0ALICE', 'U0BOB', 'U0CAROL', 'U0DAVE', 'U0GINA', 'U0GONE', 'U0ROBOT'];

export const CHANNELS: readonly Channel[] = [
  channel('C0OPS', 'ops', { members: EVERYBODY_BUT_PAT }),
  channel('C0MKT', 'marketing', { members: ['U0BOT', 'U0ALICE', 'U0BOB', 'U0DAVE'] }),
  channel('C0SHARED', 'shared', { isExtShared: true, members: ['U0BOT', 'U0ALICE', 'U0BOB', 'U0CAROL', 'U0PAT'] }),
  channel('C0NOBOT', 'nobot', { members: ['U0ALICE', 'U0BOB', 'U0CAROL', 'U0DAVE'] }),
  channel('G0LEADS', 'leads', { isPrivate: true, members: ['U0BOT', 'U0BOB', 'U0CAROL'] }),
];

export const GROUPS: readonly Group[] = [
  { id: 'S0OPS', handle: 'operators', users: ['U0ALICE'] },
  { id: 'S0LEADS', handle: 'leads', users: ['U0BOB', 'U0CAROL'] },
];

/** A new workspace, independent of the seed and of other ones. */
export function createWorkspace(seed: Partial<WorkspaceSeed> = {}): Workspace {
  const { team = TEAM, bot = BOT, users = USERS, channels = CHANNELS, groups = GROUPS } = seed;
  const people = users.some(({ id }) => id === bot.userId) ? users : [...users, botUser(bot, team)];
  const given = { team, bot, users: [...people], channels: [...channels], groups: [...groups] };
  return { ...structuredClone(given), messages: [], privateReplies: [], views: [], homes: [], mistakes: [] };
}

function botUser(bot: BotIdentity, team: Team): User {
  return user(bot.userId, bot.name, bot.name, { isBot: true, teamId: team.id });
}
