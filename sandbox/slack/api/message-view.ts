import { findMessage, type Message, type Workspace } from '../workspace.ts';

/** A message as Slack returns it to apps. Its metadata is returned on request only. */
export function viewMessage(workspace: Workspace, message: Message): Record<string, unknown> {
  return {
    type: 'message',
    ...(message.isTombstone && { subtype: 'tombstone', hidden: true }),
    ...(message.replyBroadcast && { subtype: 'thread_broadcast' }),
    user: message.userId,
    ...(message.botId !== null && { bot_id: message.botId }),
    ...(message.appId !== null && { app_id: message.appId }),
    text: message.text,
    ts: message.ts,
    team: workspace.team.id,
    ...(message.blocks.length > 0 && { blocks: message.blocks }),
    ...(message.edited && { edited: { user: message.edited.userId, ts: message.edited.ts } }),
    ...viewThread(workspace, message),
  };
}

export function repliesTo(workspace: Workspace, parent: Message): Message[] {
  return workspace.messages.filter((each) => each.channel === parent.channel && each.threadTs === parent.ts);
}

function viewThread(workspace: Workspace, message: Message): Record<string, unknown> {
  if (message.threadTs !== null) {
    const parent = findMessage(workspace, message.channel, message.threadTs);
    return { thread_ts: message.threadTs, ...(parent && { parent_user_id: parent.userId }) };
  }
  const replies = repliesTo(workspace, message);
  if (replies.length === 0) return {};
  const users = [...new Set(replies.map((reply) => reply.userId))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    // Slack names five at most.
    reply_users: users.slice(0, 5),
    latest_reply: replies.at(-1)?.ts,
  };
}
