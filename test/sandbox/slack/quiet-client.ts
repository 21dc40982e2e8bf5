import { type Logger, LogLevel, webApi } from '@slack/bolt';
import type { PretendSlack } from '../../../sandbox/slack/pretend-slack.ts';

const ignore = () => {};

/** A clock watch that does nothing. */
export const unwatchedClock = { begin: () => () => {} };

/** Silent: the tests expect errors. */
export const quietLogger: Logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  setLevel: ignore,
  getLevel: () => LogLevel.ERROR,
  setName: ignore,
};

/** Slack's own client, without retries. */
export function clientOf(slack: PretendSlack, token = slack.botToken): webApi.WebClient {
  return new webApi.WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: quietLogger,
  });
}

/** Slack's error response. Fails where the call succeeds. */
export async function refusalOf(call: Promise<unknown>): Promise<webApi.WebAPIPlatformError['data']> {
  const error: unknown = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof webApi.WebAPIPlatformError) return error.data;
  throw error;
}
