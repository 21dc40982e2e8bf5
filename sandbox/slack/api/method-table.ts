import { z } from 'zod';
import { getPermalink, postEphemeral, postMessage, update } from './chat.ts';
import { history, info, members, ownConversations, replies } from './conversations.ts';
import { type Method, method } from './method.ts';
import { groupList, groupUsers, userInfo, userList } from './people.ts';
import { openView, publishView, updateView } from './views.ts';

const authTest = method({
  token: 'bot',
  scopes: [],
  args: z.object({}),
  run: ({ workspace: { team, bot } }) => ({
    ok: true,
    url: `https://${team.domain}.slack.com/`,
    team: team.name,
    user: bot.name,
    team_id: team.id,
    user_id: bot.userId,
    bot_id: bot.botId,
    ...(team.enterpriseId !== undefined && { enterprise_id: team.enterpriseId }),
    is_enterprise_install: team.isOrgWide ?? false,
  }),
});

/** The supported methods of the Web API, except `apps.connections.open`, which belongs to the sockets. */
export const METHODS: Readonly<Record<string, Method>> = {
  'auth.test': authTest,
  'chat.getPermalink': getPermalink,
  'chat.postEphemeral': postEphemeral,
  'chat.postMessage': postMessage,
  'chat.update': update,
  'conversations.history': history,
  'conversations.info': info,
  'conversations.members': members,
  'conversations.replies': replies,
  'usergroups.list': groupList,
  'usergroups.users.list': groupUsers,
  'users.conversations': ownConversations,
  'users.info': userInfo,
  'users.list': userList,
  'views.open': openView,
  'views.publish': publishView,
  'views.update': updateView,
};
