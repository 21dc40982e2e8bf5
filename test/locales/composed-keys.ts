import type { Refusal } from '../../src/access/decision.ts';
import type { Action, ReadAction } from '../../src/access/policy.ts';
import type { UnusedReason } from '../../src/access/unused-rules.ts';
import type { ProofProblem } from '../../src/audit/proof/check-proof.ts';
import type { Mismatch } from '../../src/audit/slack/compare-message.ts';
import type { PressChoice } from '../../src/commands/command.ts';
import type { FoundName } from '../../src/doctor/finding.ts';
import type { Observation, RecordedWorkflowState } from '../../src/requests/events.ts';
import type { IntegrityProblem } from '../../src/requests/ledger/integrity.ts';
import type { LogProblem } from '../../src/requests/ledger/log/verify-log.ts';
import type { EndReason, Outcome } from '../../src/requests/outcome.ts';
import type { SettingName } from '../../src/settings/variables.ts';
import { all, campaignReasons, slackReasons } from './closed-sets.ts';

/**
 * Where the code puts a key together from a beginning and a member of a closed set, such as `campaign.${reason}`: what
 * the set is there. Members that the code has handled before are left out, as their type is.
 */
export const composed: Readonly<Record<string, readonly string[]>> = {
  'announce.effect.': all<Exclude<Action, ReadAction>>({
    start: true,
    pause: true,
    resume: true,
    stop: true,
    freeze: true,
    unfreeze: true,
    watch: true,
    unwatch: true,
  }),
  'announce.danger.': all<Extract<RecordedWorkflowState, 'erroneous' | 'warning'>>({ erroneous: true, warning: true }),
  'button.': all<PressChoice>({ approve: true, cancel: true, emergency: true, review: true }),
  'announce.ended.': all<
    Exclude<Outcome, 'accepted' | 'rejected' | 'unknown' | 'cancelled' | 'superseded' | 'completed'>
  >({
    not_sent: true,
    refused: true,
    expired: true,
  }),
  'outcome.': all<Extract<Outcome, 'not_sent' | 'refused'>>({ not_sent: true, refused: true }),
  'look.': all<Exclude<Observation['kind'], 'seen' | 'failed'>>({ not_shown: true, not_found: true }),
  'doctor.found.': all<FoundName>({
    settings_valid: true,
    not_checked: true,
    check_late: true,
    check_failed: true,
    not_all_checked: true,
    node_fits: true,
    slack_token_accepted: true,
    slack_unreachable: true,
    slack_limits: true,
    scopes_granted: true,
    scopes_unknown: true,
    scope_missing: true,
    socket_mode_works: true,
    signing_secret_unknown: true,
    messages_tab_unknown: true,
    home_tab_unknown: true,
    channel_ready: true,
    channel_hidden: true,
    channel_without_bot: true,
    channel_archived: true,
    channel_moved: true,
    channel_shared: true,
    channel_restricted: true,
    channel_unreadable: true,
    look_up_failed: true,
    people_ready: true,
    person_unknown: true,
    person_barred: true,
    group_unknown: true,
    group_disabled: true,
    group_empty: true,
    approval_impossible: true,
    review_impossible: true,
    review_own: true,
    token_issued: true,
    token_not_issued: true,
    token_scopes_missing: true,
    token_fixed: true,
    organization_answers: true,
    organization_unusable: true,
    aliases_known: true,
    alias_unknown: true,
    calendar_read: true,
    calendar_unread: true,
    workflow_unread: true,
    clock_right: true,
    clock_wrong: true,
    clock_unknown: true,
    proxy_none: true,
    proxy_used: true,
    proxy_unreachable: true,
    proxy_ignored: true,
    tls_unchecked: true,
    certificates_read: true,
    certificates_unusable: true,
    certificates_none: true,
    certificates_expired: true,
    certificates_ignored: true,
    database_new: true,
    database_ready: true,
    database_to_migrate: true,
    disk_free: true,
    disk_low: true,
    record_head: true,
    log_key_missing: true,
    log_key_begins: true,
    port_free: true,
    port_own: true,
    witness_unset: true,
    witness_ready: true,
    witness_writable: true,
    witness_new: true,
    witness_ahead: true,
    witness_differs: true,
    witness_behind: true,
  }),
  'campaign.': campaignReasons,
  'slack.': slackReasons,
  'because.': all<
    Extract<
      EndReason['kind'],
      | 'not_paused'
      | 'too_late'
      | 'pause_over'
      | 'crashed'
      | 'held_up'
      | 'not_frozen'
      | 'freeze_over'
      | 'history_unreadable'
      | 'ledger_behind'
    >
  >({
    history_unreadable: true,
    ledger_behind: true,
    not_frozen: true,
    freeze_over: true,
    not_paused: true,
    too_late: true,
    pause_over: true,
    crashed: true,
    held_up: true,
  }),
  'verify.log.': all<Extract<LogProblem['kind'], 'checkpoint' | 'unsigned' | 'other_log' | 'other_key' | 'no_key'>>({
    checkpoint: true,
    unsigned: true,
    other_log: true,
    other_key: true,
    no_key: true,
  }),
  'check.event.': all<Extract<ProofProblem, { readonly sequence: number }>['kind']>({
    digest: true,
    chain: true,
    order: true,
    place: true,
    text: true,
  }),
  'check.flaw.': all<Exclude<ProofProblem, { readonly sequence: number }>['kind']>({
    events: true,
    checkpoint: true,
    rule: true,
    people: true,
    signature: true,
    not_signed: true,
  }),
  'verify.flaw.': all<Exclude<IntegrityProblem['kind'], 'removed'>>({
    changed: true,
    missing: true,
    added: true,
    reordered: true,
    forged: true,
    broken: true,
    other_end: true,
    no_events: true,
    no_request: true,
    unknown: true,
    impossible: true,
    other_index: true,
    altered_text: true,
    missing_text: true,
  }),
  'verify.message.': all<Mismatch>({
    unknown_request: true,
    other_digest: true,
    ahead: true,
    other_outcome: true,
    other_order: true,
    other_state: true,
    other_text: true,
    edited: true,
    no_metadata: true,
    bad_checkpoint: true,
  }),
  'refusal.': all<
    Exclude<
      Refusal['reason'],
      | 'wrong_channel'
      | 'channel_moved'
      | 'not_permitted'
      | 'not_an_approver'
      | 'not_asked_yet'
      | 'own_request'
      | 'too_few_approvers'
      | 'too_few_can_approve'
      | 'approval_needed'
      | 'reason_mismatch'
      | 'frozen'
      | 'bot_not_in_channel'
      | 'lookup_failed'
      | 'no_emergency'
      | 'too_early_for_emergency'
    >
  >({
    not_in_emergency: true,
    not_a_reviewer: true,
    own_emergency: true,
    emergency_needs_reason: true,
    review_needs_comment: true,
    requester_refused: true,
    reason_required: true,
    one_at_a_time: true,
    environment_gone: true,
    other_workspace: true,
    protected_workflow: true,
    shared_channel: true,
    archived_channel: true,
    guest: true,
    stranger: true,
    bot: true,
    deactivated: true,
  }),
  'settings.idle.': all<UnusedReason>({ covered: true, empty: true, elsewhere: true, not_all: true, protected: true }),
  'where.': all<SettingName>({
    SLACK_BOT_TOKEN: true,
    SLACK_APP_TOKEN: true,
    SLACK_SIGNING_SECRET: true,
    SLACK_API_URL: true,
    HOST: true,
    PORT: true,
    METRICS_PORT: true,
    CAMPAIGN_ORGANIZATION: true,
    CAMPAIGN_CLIENT_ID: true,
    CAMPAIGN_CLIENT_SECRET: true,
    CAMPAIGN_SCOPES: true,
    CAMPAIGN_ACCESS_TOKEN: true,
    CAMPAIGN_API_URL: true,
    IMS_URL: true,
    CAMPAIGN_WF_CHANNELS: true,
    CAMPAIGN_WF_USERS: true,
    CAMPAIGN_WF_APPROVERS: true,
    CAMPAIGN_WF_CONFIRM_WITHIN: true,
    CAMPAIGN_WF_CONFIG: true,
    DATABASE_URL: true,
    CAMPAIGN_WF_LOG_KEY: true,
    CAMPAIGN_WF_WITNESS_FILE: true,
    CAMPAIGN_WF_LOCALE: true,
    HTTPS_PROXY: true,
    HTTP_PROXY: true,
    NO_PROXY: true,
    LOG_LEVEL: true,
    CAMPAIGN_WF_SELF_CHECK: true,
  }),
};
