import bolt, { type webApi } from '@slack/bolt';

const { WebClient } = bolt.webApi;

/** Slack's own time-out is none at all. */
const timeoutMs = 10_000;

export type ClientOptions = { readonly token: string; readonly apiUrl: string; readonly logger: webApi.Logger };

/** Posts: never repeated by the client, because the runner looks for an own message before it posts again. */
export function posterClient({ token, apiUrl, logger }: ClientOptions): webApi.WebClient {
  const retryConfig = { retries: 0 };
  return new WebClient(token, {
    slackApiUrl: apiUrl,
    timeout: timeoutMs,
    logger,
    retryConfig,
    rejectRateLimitedCalls: true,
  });
}

/** Looks things up: two repetitions, and no waiting for a rate limit, since whoever asks is waiting too. */
export function readerClient({ token, apiUrl, logger }: ClientOptions): webApi.WebClient {
  const retryConfig = { retries: 2, minTimeout: 200, maxTimeout: 1_000 };
  return new WebClient(token, {
    slackApiUrl: apiUrl,
    timeout: timeoutMs,
    logger,
    retryConfig,
    rejectRateLimitedCalls: true,
  });
}
