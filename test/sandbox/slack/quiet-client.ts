import { type Logger, LogLevel, webApi } from '@slack/bolt';
import type { PretendSlack } from '../../../sandbox/slack/pretend-slack.ts';

const ignore = () => {};

/** Nobody compares Slack's clock. */
export const unwatchedClock = { begin: () => () => {} };

/** The expected refusals of these tests are nothing to read. */
export const quietLogger: Logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  setLevel: ignore,
  getLevel: () => LogLevel.ERROR,
  setName: ignore,
};

/** Slack's own client, which says at once what went wrong. */
export function clientOf(slack: PretendSlack, token = slack.botToken): webApi.WebClient {
  return new webApi.WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: quietLogger,
  });
}

/** The error that Slack answered with; fails when it answered well. */
export async function refusalOf(call: Promise<unknown>): Promise<webApi.WebAPIPlatformError['data']> {
  const error: unknown = await call.then(
    () => new Error('the call went well'),
    (reason: unknown) => reason,
  );
  if (error instanceof webApi.WebAPIPlatformError) return error.data;
  throw error;
}
