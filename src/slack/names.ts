/** The names by which Slack and this program know each other. The manifests are held to them by a test. */
export const slashCommand = '/campaign-wf';

export const actionIds = { approve: 'approve_request', cancel: 'cancel_request' } as const;

export const metadataTypes = {
  announcement: 'campaign_wf_request',
  outcome: 'campaign_wf_outcome',
  note: 'campaign_wf_note',
} as const;

/** The bot token's scopes, each with what it is for. */
export const scopes = {
  commands: 'the slash command',
  'chat:write': 'announcements, outcomes, direct messages',
  'users:read': 'guests, strangers, deactivated accounts',
  'channels:read': 'whether a public channel is shared or archived',
  'groups:read': 'whether a private channel is shared or archived',
  'usergroups:read': 'who is in a user group of the policy',
  'channels:history': 'finding an own message again before posting it a second time',
  'groups:history': 'the same in private channels',
} as const;

export type Scope = keyof typeof scopes;
