import type { Log } from '../requests/ports.ts';
import type { Scope } from './names.ts';

const unread =
  'an announcement of which Slack did not say whether it is posted ends as not sent, such an outcome is posted again, and what is open at a start ends as unknown';

/** What does not work without each. */
const without: Record<Scope, string> = {
  commands: 'nobody can type the slash command',
  'chat:write': 'nothing can be announced, so nothing is sent',
  'users:read': 'Slack does not say who somebody is, so every command is refused',
  'channels:read': 'Slack does not say what a public channel is, so every command in one is refused',
  'groups:read': 'Slack does not say what a private channel is, so every command in one is refused',
  'usergroups:read': 'where a user group is on a list, Slack does not say who is in it, so every command is refused',
  'channels:history': `in public channels, ${unread}`,
  'groups:history': `in private channels, ${unread}`,
};

/** A line for each scope that the manifest asks for and the token does not have. @param granted null: Slack did not say */
export function warnOfMissingScopes(granted: readonly string[] | null, log: Log): void {
  if (granted === null) return;
  for (const [scope, consequence] of Object.entries(without)) {
    if (!granted.includes(scope)) log.warn({ scope, consequence }, 'the app lacks a scope of the manifest');
  }
}
