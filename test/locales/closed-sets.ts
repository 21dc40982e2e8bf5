import type { CampaignReason, SlackReason } from '../../src/requests/outcome.ts';

/** All of a closed set: the compiler refuses one too few and one too many. */
export function all<T extends string>(members: Record<T, unknown>): readonly T[] {
  return Object.keys(members) as T[];
}

export const campaignReasons = all<CampaignReason>({
  workflow_not_found: 1,
  profile_invalid: 1,
  key_or_scope: 1,
  token_refused: 1,
  bad_request: 1,
  rate_limited: 1,
  other: 1,
  token_expired: 1,
  gateway_busy: 1,
  gateway_unavailable: 1,
  no_connection: 1,
  tls_failed: 1,
  host_not_found: 1,
  proxy_refused: 1,
  timeout: 1,
  connection_lost: 1,
  redirected: 1,
  entry_error: 1,
  campaign_error: 1,
  server_error: 1,
  answer_too_large: 1,
  unexpected_answer: 1,
  ims_unreachable: 1,
  ims_tls_failed: 1,
  ims_host_not_found: 1,
  ims_proxy_refused: 1,
  ims_unexpected_answer: 1,
  ims_refused: 1,
  ims_busy: 1,
  token_ended: 1,
});

export const slackReasons = all<SlackReason>({
  not_in_channel: 1,
  channel_not_found: 1,
  channel_archived: 1,
  posting_restricted: 1,
  token_revoked: 1,
  missing_scope: 1,
  message_refused: 1,
  unknowable: 1,
  rate_limited: 1,
  unreachable: 1,
});
