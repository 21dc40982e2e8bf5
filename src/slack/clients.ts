import bolt, { type webApi } from '@slack/bolt';

/** Slack's own time-out is none at all. */
const timeoutMs = 10_000;

export type ClientOptions = { readonly token: string; readonly apiUrl: string; readonly logger: webApi.Logger };

export type Clients = {
  /** Posts. Never repeated by the client: the runner looks for an own message before it posts again. */
  readonly poster: webApi.WebClient;
  /** Looks things up, with two repetitions. */
  readonly reader: webApi.WebClient;
};

/** Neither waits for a rate limit by itself: whoever asks is waiting, and the runner knows what is more urgent. */
export function createClients({ token, apiUrl, logger }: ClientOptions): Clients {
  const shared = { slackApiUrl: apiUrl, timeout: timeoutMs, logger, rejectRateLimitedCalls: true };
  return {
    poster: new bolt.webApi.WebClient(token, { ...shared, retryConfig: { retries: 0 } }),
    reader: new bolt.webApi.WebClient(token, {
      ...shared,
      retryConfig: { retries: 2, minTimeout: 200, maxTimeout: 1_000 },
    }),
  };
}
