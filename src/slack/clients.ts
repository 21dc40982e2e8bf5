import type { webApi } from '@slack/bolt';
import type { ClockWatch } from './clock-watch.ts';
import { fetchPolitely } from './fetch-politely.ts';
import { createRefusalAdvice } from './refusal-advice.ts';
import { createTokenWatch } from './token-watch.ts';
import { type ResponseListener, WatchedClient } from './watched-client.ts';

/** Slack's own time-out is none at all. */
const timeoutMs = 10_000;

/** How long to wait after a 429 that does not say: Slack takes about one message a second in a channel. */
const usualWaitSeconds = 1;

type RetryConfig = { readonly retries: number; readonly minTimeout?: number; readonly maxTimeout?: number };

export type ClientOptions = {
  readonly token: string;
  readonly apiUrl: string;
  readonly logger: webApi.Logger;
  readonly clock: Pick<ClockWatch, 'begin'>;
};

export type Clients = {
  /** Posts. Never repeated by the client: the runner looks for an own message before it posts again. */
  readonly poster: webApi.WebClient;
  /** Looks things up, with two repetitions. */
  readonly reader: webApi.WebClient;
  /** Whether Slack accepts the token, by what it last said to either. */
  tokenIsAccepted(): boolean;
};

/** Neither waits for a rate limit by itself: whoever asks is waiting, and the runner knows what is more urgent. */
export function createClients({ token, apiUrl, logger, clock }: ClientOptions): Clients {
  const shared = {
    slackApiUrl: apiUrl,
    timeout: timeoutMs,
    logger,
    rejectRateLimitedCalls: true,
  };
  const { heard: watchToken, isAccepted } = createTokenWatch();
  const advise = createRefusalAdvice(logger);
  const heard: ResponseListener = (refusal, method) => {
    watchToken(refusal);
    advise(refusal, method);
  };
  const client = (retryConfig: RetryConfig) =>
    new WatchedClient(token, { ...shared, fetch: fetchPolitely(usualWaitSeconds, clock), retryConfig }, heard);
  const reader = client({ retries: 2, minTimeout: 200, maxTimeout: 1_000 });
  return {
    poster: client({ retries: 0 }),
    reader,
    tokenIsAccepted: () => isAccepted(() => reader.auth.test()),
  };
}
