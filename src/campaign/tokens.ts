import { checkHeaderValue } from './documented-request.ts';
import { type ImsClient, type IssuedToken, imsRequest, issueToken } from './ims.ts';
import { noResponse } from './response-summary.ts';
import type { ResponseSummary, TokenFailure } from './results.ts';
import type { ServiceCall, ServiceMonitor } from './service-failure.ts';

export type TokenResult =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly reason: TokenFailure; readonly answer: ResponseSummary };

/**
 * What a response says about the token of its request.
 *
 * - `accepted`: it is valid
 * - `expired`: the gateway's own 401013
 * - `refused`: any other 401, which a proxy may have written
 */
export type TokenVerdict = 'accepted' | 'expired' | 'refused';

/** Provides access tokens. */
export type TokenSource = {
  get(): Promise<TokenResult>;
  /** Drops the token if it is the current one and was not accepted. @returns whether `get` provides a new one next */
  recordVerdict(token: string, verdict: TokenVerdict): boolean;
  /** The token in use, in milliseconds since 1970; null if there is none, or nothing is known of it. */
  inUse(): { readonly issuedAt: number; readonly endsAt: number } | null;
};

/**
 * Times are in milliseconds since 1970. `isUnproven`: it replaces a refused token and has not been accepted yet.
 */
type CachedToken = {
  readonly token: string;
  readonly requestedAt: number;
  readonly renewAt: number;
  readonly endsAt: number;
  readonly isUnproven: boolean;
};

/** If a new token is refused as well, the token is not the cause, and Adobe throttles clients that request too often. */
const renewalPauseMs = 60_000;

/**
 * The fixed token of the settings. After the gateway refused it as expired, the next `get` fails, since there is no newer
 * token to send. Only the next one: the gateway may have been wrong.
 * @throws TypeError if the token cannot be sent in a header
 */
export function fixedToken(token: string): TokenSource {
  checkHeaderValue('access token', token);
  let isEnded = false;
  return {
    async get() {
      if (!isEnded) return { ok: true, token };
      isEnded = false;
      return { ok: false, reason: 'token_ended', answer: noResponse };
    },
    recordVerdict(judged, verdict) {
      if (judged === token && verdict === 'expired') isEnded = true;
      return false;
    },
    inUse: () => null,
  };
}

/**
 * Tokens from Adobe IMS, OAuth server-to-server. Adobe throttles clients that request too often, so a token is cached
 * until it is refused or is due for renewal, and concurrent callers share one request.
 *
 * @param options `imsUrl` as `https://ims-na1.adobelogin.com`; `scopes` comma-separated, from the Developer Console;
 * `now` in milliseconds; `timeoutMs` limits a request to IMS, all phases together (10 000 by default)
 * @throws TypeError for an invalid URL
 */
export function imsTokens(
  options: ImsClient & {
    readonly now: () => number;
    readonly timeoutMs?: number;
    readonly monitor?: ServiceMonitor;
  } & {
    readonly onCall?: (call: ServiceCall) => void;
  },
): TokenSource {
  const request = imsRequest(options, options.timeoutMs ?? 10_000);
  const { clientSecret, now, monitor = () => {}, onCall } = options;
  let cached: CachedToken | undefined;
  let isReplacing = false;
  let renewal: Promise<TokenResult> | undefined;

  async function renew(): Promise<TokenResult> {
    const requestedAt = now();
    const issued = await issueToken(request, clientSecret, monitor, onCall);
    if (issued.ok) {
      cached = cachedToken(issued, requestedAt, isReplacing);
      isReplacing = false;
    }
    // Renewal begins before the old token ends, so the old one is used while IMS is unavailable.
    if (!issued.ok && issued.reason !== 'ims_refused' && cached !== undefined && now() < cached.endsAt) {
      return { ok: true, token: cached.token };
    }
    return issued.ok ? { ok: true, token: issued.token } : issued;
  }

  return {
    async get() {
      if (cached !== undefined && now() < cached.renewAt) return { ok: true, token: cached.token };
      renewal ??= renew().finally(() => {
        renewal = undefined;
      });
      return renewal;
    },
    recordVerdict(token, verdict) {
      if (cached?.token !== token) return true;
      if (verdict === 'accepted') cached = { ...cached, isUnproven: false };
      if (verdict === 'accepted' || (cached.isUnproven && now() - cached.requestedAt < renewalPauseMs)) return false;
      cached = undefined;
      isReplacing = true;
      return true;
    },
    inUse: () => (cached === undefined ? null : { issuedAt: cached.requestedAt, endsAt: cached.endsAt }),
  };
}

/** Renewal is due five minutes before the end, or a tenth of the lifetime if that is less. */
function cachedToken({ token, lifetimeMs }: IssuedToken, requestedAt: number, isUnproven: boolean): CachedToken {
  const endsAt = requestedAt + lifetimeMs;
  return { token, requestedAt, endsAt, renewAt: endsAt - Math.min(5 * 60_000, lifetimeMs / 10), isUnproven };
}
