/** The names that Slack and this program share. A test checks that the manifests use them. */
export const slashCommand = '/campaign-wf';

export const actionIds = {
  approve: 'approve_request',
  cancel: 'cancel_request',
  askAgain: 'ask_again',
  newRequest: 'new_request',
  olderRequests: 'older_requests',
  showWaiting: 'show_waiting',
  resumePaused: 'resume_paused',
  leavePaused: 'leave_paused',
  emergency: 'declare_emergency',
  review: 'review_emergency',
} as const;

/** The buttons of an alert of a watch. */
export const alertActions = {
  start: 'alert_start',
  pause: 'alert_pause',
  resume: 'alert_resume',
  stop: 'alert_stop',
  mute: 'alert_mute',
  leave_paused: 'alert_leave',
} as const;

/** The button of a workflow whose status to show. Slack wants different action IDs in one block. */
export function statusAction(index: number): string {
  return `show_status_${index}`;
}
/** The menu of such workflows. */
export const statusMenuAction = 'show_status_menu';
export const statusActions = /^show_status_(?:\d+|menu)$/;

/** The form's `callback_id`, and the message shortcut's. */
export const formId = 'request_form';
/** The dialog that asks why somebody cancels. */
export const reasonFormId = 'reason_form';
/** The dialogs for the reason of an emergency, and for the comment of its review. */
export const emergencyFormId = 'emergency_form';
export const reviewFormId = 'review_form';
export const shortcutId = 'act_on_workflow';

/** The form's fields: each is both `block_id` and `action_id`. */
export const fields = {
  workflow: 'workflow',
  command: 'command',
  environment: 'environment',
  when: 'when',
  reason: 'reason',
} as const;

/** The fields that decide what a request needs, and when: Slack reports each change. */
export const decidingFields = [fields.workflow, fields.command, fields.environment, fields.when] as const;

/** The block of the form that says what the choice needs. */
export const termsBlock = 'terms';

export const metadataTypes = {
  announcement: 'campaign_wf_request',
  outcome: 'campaign_wf_outcome',
  followUp: 'campaign_wf_note',
  pauseReminder: 'campaign_wf_pause',
  call: 'campaign_wf_call',
  emergency: 'campaign_wf_emergency',
  checkpoint: 'campaign_wf_checkpoint',
  watch: 'campaign_wf_watch',
} as const;

/** The prefix of a `block_id` that names the request: it identifies our own messages in any language. */
const namePrefix = 'request:';

export function messageName(request: string): string {
  return `${namePrefix}${request}`;
}

/** The ID of the request that a block names; null if the block is not ours. */
export function requestNamed(blockId: string): string | null {
  return blockId.startsWith(namePrefix) ? blockId.slice(namePrefix.length) : null;
}

/** The prefix of a `block_id` of an alert, or of its replies. */
const watchPrefix = 'watch:';

/** @param key that of the watched workflow */
export function watchName(key: string): string {
  return `${watchPrefix}${key}`;
}

export function isWatchName(blockId: string): boolean {
  return blockId.startsWith(watchPrefix);
}

/** The bot token's scopes, and what each is for. */
export const scopes = {
  commands: 'the slash command',
  'chat:write': 'announcements, outcomes, direct messages',
  'users:read': 'guests, strangers, deactivated accounts',
  'channels:read': 'whether a public channel is shared or archived',
  'groups:read': 'whether a private channel is shared or archived, and who is in it',
  'usergroups:read': 'who is in a user group of the policy',
  'channels:history': 'finding an own message again before posting it a second time',
  'groups:history': 'the same in private channels',
} as const;

export type Scope = keyof typeof scopes;
