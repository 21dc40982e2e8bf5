import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from '../../sandbox/campaign/faults.ts';
import type { SlackFault } from '../../sandbox/slack/faults.ts';
import type { Outcome } from '../../src/requests/outcome.ts';
import type { World } from './world.ts';

/** One fault, how it is caused around a few requests, and their expected outcomes. */
export type FaultRow = {
  readonly side: 'Slack' | 'Campaign' | 'IMS';
  readonly fault: string;
  /** Set where the fault alone decides it. */
  readonly expected: Outcome;
  /** The number of additional pauses before the others. */
  readonly burst?: number;
  /** Called before the requests. */
  begin(world: World, workflowIds: readonly string[]): void;
  /** Called when a command reaches Campaign, before the response. */
  onCommand?(world: World): void;
  /** Ends a temporary fault, counted from the requests. The only request is then a pause. */
  end?(world: World): Promise<void>;
};

const campaignOutcomes: Record<Exclude<Fault, `ims_${string}`>, Outcome> = {
  gateway_401013: 'accepted',
  number_401013: 'accepted',
  invalid_token_401: 'rejected',
  html_401: 'rejected',
  cut_401: 'unknown',
  scope_403000: 'rejected',
  scope_403003: 'rejected',
  scope_403010: 'rejected',
  scope_403011: 'rejected',
  profile_403023: 'rejected',
  gateway_429001: 'accepted',
  gateway_429002: 'accepted',
  gateway_429: 'accepted',
  gateway_503000: 'accepted',
  gateway_503: 'accepted',
  oops_500: 'unknown',
  oops_502: 'unknown',
  wrong_tenant: 'rejected',
  rst_500: 'unknown',
  rst_404: 'rejected',
  pkey_500: 'unknown',
  v8_500: 'unknown',
  v8_404: 'rejected',
  v8_pkey_404: 'rejected',
  plain_503: 'unknown',
  html_404: 'rejected',
  html_500: 'unknown',
  html_502: 'unknown',
  cut_json_503: 'unknown',
  redirect_302: 'unknown',
  timeout_408: 'unknown',
  state_hidden: 'accepted',
  state_as_number: 'accepted',
  sign_in_200: 'unknown',
  gateway_200: 'unknown',
  packed_200: 'unknown',
  huge_body: 'unknown',
  hang: 'unknown',
  drop_before: 'unknown',
  drop_after: 'unknown',
  slow: 'accepted',
};

/** Each fault applies only to the requests of its row, so all rows run at once. */
export const campaignRows: readonly FaultRow[] = Object.entries(campaignOutcomes).map(([fault, expected]) => ({
  side: 'Campaign',
  fault,
  expected,
  begin({ campaign }, workflowIds) {
    for (const workflowId of workflowIds) campaign.fail(fault as Fault, { workflowId, method: 'POST' });
  },
}));

/** The bot keeps its access token, so it is refused first. */
export const imsRows: readonly FaultRow[] = (['ims_down', 'ims_429', 'ims_401'] as const).map((fault) => ({
  side: 'IMS',
  fault,
  expected: 'not_sent',
  begin({ campaign }) {
    campaign.revokeTokens();
    campaign.fail(fault, { times: 9 });
  },
}));

function passing(fault: string, method: string, how: SlackFault, times = 2): FaultRow {
  return {
    side: 'Slack',
    fault,
    expected: 'accepted',
    begin: ({ slack }) => slack.fail(method, how, { times }),
  };
}

const posting = 'chat.postMessage';
const everyCall = [posting, 'chat.update', 'conversations.history', 'conversations.replies', 'auth.test', 'users.info'];

export const slackRows: readonly FaultRow[] = [
  passing('429 with Retry-After', posting, { kind: 'rate_limited', retryAfterSeconds: 1 }, 3),
  passing('503', posting, { kind: 'http', status: 503 }),
  passing('time-out', posting, { kind: 'hang' }, 1),
  passing('connection lost before it was done', posting, { kind: 'drop_before' }),
  passing('connection lost after it was done', posting, { kind: 'drop_after' }),
  passing('slow', posting, { kind: 'slow', ms: 2_000 }),
  passing('edits fail', 'chat.update', { kind: 'http', status: 500 }, 3),
  passing('its history cannot be read for a moment', 'conversations.history', { kind: 'http', status: 500 }, 2),
  passing('response_url gone', 'response_url', { kind: 'http', status: 404 }, 9),
  {
    side: 'Slack',
    fault: 'not_in_channel',
    expected: 'not_sent',
    begin: ({ slack }) => slack.fail(posting, { kind: 'error', error: 'not_in_channel' }, { times: 99 }),
  },
  {
    side: 'Slack',
    fault: 'archived between announcement and outcome',
    expected: 'accepted',
    begin: () => {},
    onCommand: (world) => archive(world, true),
    async end(world) {
      await wait(1_500);
      archive(world, false);
    },
  },
  {
    side: 'Slack',
    fault: 'token revoked before the outcome, for three seconds',
    expected: 'accepted',
    begin: () => {},
    onCommand({ slack }) {
      for (const method of everyCall) slack.fail(method, { kind: 'error', error: 'token_revoked' });
    },
    async end({ slack }) {
      await wait(3_000);
      slack.clearFaults();
    },
  },
  {
    side: 'Slack',
    fault: 'its rate limits, and a burst',
    expected: 'accepted',
    burst: 8,
    begin: ({ slack }) => slack.limitRates(true),
  },
];

function archive({ slack }: World, isArchived: boolean): void {
  for (const channel of slack.workspace.channels) if (channel.id === 'C0OPS') channel.isArchived = isArchived;
}
