import type { webApi } from '@slack/bolt';
import type { SlackAccess } from '../settings/settings.ts';
import { boltLogger, createClients } from '../slack/clients.ts';
import { aheadMs } from '../slack/clock-watch.ts';
import { askIdentity, type Identified } from '../slack/identity.ts';
import { createSlackCalls, type SlackCall } from '../slack/slack-calls.ts';

/** How a check asks Slack: as the bot, and as often as Slack allows. */
export type SlackReader = Identified & { readonly client: webApi.WebClient; readonly call: SlackCall };

export type SlackSession = SlackReader & { readonly apiUrl: string };

/** The client's own retries are enough. */
const mostFailures = 0;

/** A longer rate limit is said at once: the check would end before it. */
const mostWaitMs = 5_000;

export const silent = boltLogger({ info() {}, warn() {}, error() {} });

/** Asks Slack whose token this is. `ahead` gets by how much this machine's clock is ahead, at each answer. */
export async function openSlack(
  { botToken, apiUrl }: SlackAccess,
  ahead: (ms: number) => void,
  signal: AbortSignal,
): Promise<SlackSession> {
  const clock = {
    begin() {
      const sentAt = Date.now();
      return (date: string | null) => {
        const slackMs = Date.parse(date ?? '');
        if (!Number.isNaN(slackMs)) ahead(aheadMs(sentAt, Date.now(), slackMs));
      };
    },
  };
  const client = createClients({ token: botToken, apiUrl, logger: silent, clock }).reader;
  const call = createSlackCalls(mostFailures, { signal, mostWaitMs });
  return { ...(await call('auth.test', () => askIdentity(client))), client, call, apiUrl };
}
