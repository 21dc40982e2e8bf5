import bolt, { type Logger, type LogLevel, type webApi } from '@slack/bolt';
import type { Log } from '../requests/ports.ts';
import type { ClockWatch } from './clock-watch.ts';
import { fetchFromSlack } from './fetch.ts';
import { isTemporary, platformError, refusesToken } from './slack-error.ts';

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
    new WatchedClient(token, { ...shared, fetch: fetchFromSlack(usualWaitSeconds, clock), retryConfig }, heard);
  const reader = client({ retries: 2, minTimeout: 200, maxTimeout: 1_000 });
  return {
    poster: client({ retries: 0 }),
    reader,
    tokenIsAccepted: () => isAccepted(() => reader.auth.test()),
  };
}

const { WebClient } = bolt.webApi;

/** Slack's own name for why it refused a call; null: it carried the call out. */
export type ResponseListener = (refusal: string | null, method: string) => void;

/** A client that lets somebody hear what Slack says to every call. Where Slack says nothing, nothing is heard. */
export class WatchedClient extends WebClient {
  readonly #heard: ResponseListener;

  constructor(token: string, options: webApi.WebClientOptions, heard: ResponseListener) {
    super(token, options);
    this.#heard = heard;
  }

  override async apiCall(method: string, options?: Record<string, unknown>): Promise<webApi.WebAPICallResult> {
    try {
      const result = await super.apiCall(method, options);
      this.#heard(null, method);
      return result;
    } catch (error) {
      const refusal = platformError(error);
      if (refusal !== null) this.#heard(refusal, method);
      throw error;
    }
  }
}

/** Errors of Slack that only the people who run the bot can end, and what they can do. */
const advice: Readonly<Record<string, string>> = {
  accesslimited:
    'Slack does not take calls of the app from this network; what waits is tried again. Ask an administrator of the workspace which networks are allowed',
  messages_tab_disabled:
    'Slack refuses all direct messages of the app, and an outcome that its thread cannot take reaches nobody. Turn on the Messages Tab: api.slack.com/apps, your app, App Home, Show Tabs. The manifest has it',
};

/** Logs an error of Slack's, and what to do about it, when it comes for the first time. */
export function createRefusalAdvice(logger: Pick<webApi.Logger, 'warn'>): ResponseListener {
  const given = new Set<string>();
  return (refusal, method) => {
    if (refusal === null || given.has(refusal)) return;
    const what = adviceOn(refusal, method);
    if (what === null) return;
    given.add(refusal);
    logger.warn(`${what} (${method}: ${refusal})`);
  };
}

function adviceOn(refusal: string, method: string): string | null {
  const isWaitedFor = method.startsWith('chat.') && isTemporary(refusal);
  return advice[refusal] ?? (isWaitedFor ? 'Slack does not take messages now; they are tried again' : null);
}

/** How soon Slack is asked again whether it accepts a token that it has refused. */
const askAgainMs = 5_000;

/** Whether Slack accepts the bot's token, by the last that it said. */
export type TokenWatch = {
  /** @param refusal Slack's name for why it refused a call; null: it carried the call out */
  heard(refusal: string | null): void;
  /** While it is refused, asks Slack again now and then: there may be nobody else who does. */
  isAccepted(ask: () => Promise<unknown>): boolean;
};

/** @param clock milliseconds from any beginning */
export function createTokenWatch(clock = () => performance.now()): TokenWatch {
  let accepted = true;
  let askedAt = Number.NEGATIVE_INFINITY;
  return {
    heard(refusal) {
      accepted = refusal === null || !refusesToken(refusal);
    },
    isAccepted(ask) {
      if (!accepted && clock() - askedAt >= askAgainMs) {
        askedAt = clock();
        ask().catch(() => {});
      }
      return accepted;
    },
  };
}

/**
 * Bolt's log, brought into ours. Its debug lines hold whole payloads, `response_url` included, and its
 * info lines say what ours say: neither is passed on.
 */
export function boltLogger(log: Log): Logger {
  const translator = (parts: unknown[]) => parts.map(String).join(' ');
  return {
    debug() {},
    info() {},
    warn: (...parts) => log.warn({ from: 'bolt' }, translator(parts)),
    error: (...parts) => log.error({ from: 'bolt' }, translator(parts)),
    setLevel() {},
    setName() {},
    getLevel: (): LogLevel => bolt.LogLevel.WARN,
  };
}
