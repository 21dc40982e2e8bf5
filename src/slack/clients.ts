import bolt, { type Logger, type LogLevel, type webApi } from '@slack/bolt';
import type { Log } from '../requests/ports.ts';
import { version } from '../version.ts';
import { failedCall, noCause, type SlackCall } from './call-result.ts';
import type { ClockWatch } from './clock-watch.ts';
import { fetchFromSlack } from './fetch.ts';
import { platformError, refusesToken } from './slack-error.ts';

/** The client has no time limit by default. */
const timeoutMs = 10_000;

/** The wait after a 429 without `Retry-After`: Slack accepts about one message a second in a channel. */
const defaultRetryAfterSeconds = 1;

type RetryConfig = { readonly retries: number; readonly minTimeout?: number; readonly maxTimeout?: number };

export type ClientOptions = {
  readonly token: string;
  readonly apiUrl: string;
  readonly logger: webApi.Logger;
  readonly clock: Pick<ClockWatch, 'begin'>;
  /** Called after each call. */
  readonly onCall?: (call: SlackCall) => void;
};

export type Clients = {
  /** For posts. The client never retries: the runner searches for its message before it posts again. */
  readonly poster: webApi.WebClient;
  /** For look-ups, with two retries. */
  readonly reader: webApi.WebClient;
  /** Whether Slack accepts the token, by its last answer to either client. */
  tokenIsAccepted(): boolean;
};

/** Creates both clients. Neither waits for a rate limit: the runner decides what is more urgent, and people wait for look-ups. */
export function createClients({ token, apiUrl, logger, clock, onCall = () => {} }: ClientOptions): Clients {
  const shared = {
    slackApiUrl: apiUrl,
    timeout: timeoutMs,
    logger,
    rejectRateLimitedCalls: true,
  };
  const { onResponse: watchToken, isAccepted } = createTokenWatch();
  const advise = createRefusalAdvice(logger);
  const onResponse: ResponseListener = (refusal, method) => {
    watchToken(refusal);
    advise(refusal, method);
  };
  const client = (retryConfig: RetryConfig) =>
    new WatchedClient(
      token,
      { ...shared, fetch: fetchFromSlack(defaultRetryAfterSeconds, clock), retryConfig },
      onResponse,
      onCall,
    );
  const reader = client({ retries: 2, minTimeout: 200, maxTimeout: 1_000 });
  return {
    poster: client({ retries: 0 }),
    reader,
    tokenIsAccepted: () => isAccepted(() => reader.auth.test()),
  };
}

const { WebClient, addAppMetadata } = bolt.webApi;

// Slack's user agent then ends in `campaign-wf/1.2.3`. Calls to Adobe have the documented headers only, and no user agent.
addAppMetadata({ name: 'campaign-wf', version });

/** Receives Slack's error code of a refused call, or null for a call that was carried out. */
export type ResponseListener = (refusal: string | null, method: string) => void;

/** A client that reports Slack's answer to every call, and how each call ended, also without an answer. */
export class WatchedClient extends WebClient {
  readonly #onResponse: ResponseListener;
  readonly #onCall: (call: SlackCall) => void;

  constructor(
    token: string,
    options: webApi.WebClientOptions,
    onResponse: ResponseListener,
    onCall: (call: SlackCall) => void = () => {},
  ) {
    super(token, options);
    this.#onResponse = onResponse;
    this.#onCall = onCall;
  }

  override async apiCall(method: string, options?: Record<string, unknown>): Promise<webApi.WebAPICallResult> {
    const begun = performance.now();
    try {
      const result = await super.apiCall(method, options);
      this.#onResponse(null, method);
      const durationMs = performance.now() - begun;
      this.#onCall({ method, result: 'ok', durationMs, retryAfterMs: null, cause: noCause });
      return result;
    } catch (error) {
      const refusal = platformError(error);
      if (refusal !== null) this.#onResponse(refusal, method);
      this.#onCall({ method, durationMs: performance.now() - begun, ...failedCall(method, error) });
      throw error;
    }
  }
}

/** Errors of Slack that only the bot's operators can resolve, and what they can do. */
const advice: Readonly<Record<string, string>> = {
  accesslimited:
    'Slack does not take calls of the app from this network; what waits is tried again. Ask an administrator of the workspace which networks are allowed',
  messages_tab_disabled:
    'Slack refuses all direct messages of the app, and an outcome that its thread cannot take reaches nobody. Turn on the Messages Tab: api.slack.com/apps, your app, App Home, Show Tabs. The manifest has it',
};

/** Logs an error of Slack's and the advice for it, once for each error code. */
function createRefusalAdvice(logger: Pick<webApi.Logger, 'warn'>): ResponseListener {
  const given = new Set<string>();
  return (refusal, method) => {
    const what = refusal === null ? undefined : advice[refusal];
    if (refusal === null || what === undefined || given.has(refusal)) return;
    given.add(refusal);
    logger.warn(`${what} (${method}: ${refusal})`);
  };
}

/** The interval of checks whether Slack accepts a refused token again. */
const checkEveryMs = 5_000;

/** Whether Slack accepts the bot's token, by its last answer to any call. */
export type TokenWatch = {
  /** @param refusal Slack's error code; null if the call was carried out */
  onResponse(refusal: string | null): void;
  /** While the token is refused, calls Slack at intervals: there may be no other calls. */
  isAccepted(check: () => Promise<unknown>): boolean;
};

/** @param clock a monotonic clock, in milliseconds */
export function createTokenWatch(clock = () => performance.now()): TokenWatch {
  let accepted = true;
  let checkedAt = Number.NEGATIVE_INFINITY;
  return {
    onResponse(refusal) {
      accepted = refusal === null || !refusesToken(refusal);
    },
    isAccepted(check) {
      if (!accepted && clock() - checkedAt >= checkEveryMs) {
        checkedAt = clock();
        check().catch(() => {});
      }
      return accepted;
    },
  };
}

/** What the clients log for each call and connection that fails. Such trouble is logged once, with its beginning and its end (`slack-troubles.ts`). */
const repeated = /^(?:http request failed|WebSocket error|Failed to retrieve a new WSS URL)/;

/**
 * Writes Bolt's warnings and errors to our log. Its debug lines contain whole payloads with `response_url`, and its
 * info lines repeat ours, so both are dropped.
 */
export function boltLogger(log: Log): Logger {
  const writing =
    (level: 'warn' | 'error') =>
    (...parts: unknown[]) => {
      const message = parts.map(String).join(' ');
      if (!repeated.test(message)) log[level]({ from: 'bolt' }, message);
    };
  return {
    debug() {},
    info() {},
    warn: writing('warn'),
    error: writing('error'),
    setLevel() {},
    setName() {},
    getLevel: (): LogLevel => bolt.LogLevel.WARN,
  };
}
