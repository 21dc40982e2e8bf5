import type { FailOptions } from '../campaign/fault-queue.ts';
import type { Fault } from '../campaign/faults.ts';
import { METHODS } from '../slack/api/method-table.ts';
import type { SlackFault } from '../slack/faults.ts';
import type { Sandbox } from '../start-sandbox.ts';

/** Faults of Campaign, its gateway, IMS or Slack, each with a switch. */
type Breakage =
  | { readonly at: 'campaign'; readonly fault: Fault; readonly options?: FailOptions }
  | { readonly at: 'slack'; readonly fault: SlackFault }
  | { readonly at: 'rates' };

export const BREAKAGES = {
  'Campaign is slow': { at: 'campaign', fault: 'slow', options: { delayMs: 6_000 } },
  'Campaign: too many requests (429)': { at: 'campaign', fault: 'gateway_429', options: { retryAfter: 5 } },
  'Campaign: an error of its own (500)': { at: 'campaign', fault: 'rst_500' },
  'Campaign: not available (503)': { at: 'campaign', fault: 'gateway_503', options: { retryAfter: 5 } },
  'Campaign: token expired (401013)': { at: 'campaign', fault: 'gateway_401013' },
  'Campaign: wrong organization': { at: 'campaign', fault: 'oops_500' },
  'Campaign: connection lost after sending': { at: 'campaign', fault: 'drop_after' },
  'Adobe’s sign-in is down': { at: 'campaign', fault: 'ims_down' },
  'Slack’s limits: a message a second in a channel': { at: 'rates' },
  'Slack: too many requests (429)': { at: 'slack', fault: { kind: 'rate_limited', retryAfterSeconds: 5 } },
  'Slack is down': { at: 'slack', fault: { kind: 'http', status: 503 } },
} as const satisfies Record<string, Breakage>;

export type BreakageName = keyof typeof BREAKAGES;

export const BREAKAGE_NAMES = Object.keys(BREAKAGES) as BreakageName[];

/** The Web API and the addresses at which Slack accepts private replies. */
const CALLS = [...Object.keys(METHODS), 'apps.connections.open', 'response_url'];

/** Switches these faults on, and all others off. */
export function breakThese({ campaign, slack }: Sandbox, names: ReadonlySet<BreakageName>): void {
  campaign.clearFaults();
  slack.clearFaults();
  slack.limitRates(false);
  for (const name of names) {
    const breakage: Breakage = BREAKAGES[name];
    if (breakage.at === 'rates') slack.limitRates(true);
    else if (breakage.at === 'slack') for (const call of CALLS) slack.fail(call, breakage.fault);
    else campaign.fail(breakage.fault, { ...breakage.options, times: Number.POSITIVE_INFINITY });
  }
}
