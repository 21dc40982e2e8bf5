import { checkHeaderValue } from './documented-request.ts';
import { type ImsClient, type IssuedToken, imsRequest, issueToken } from './ims.ts';
import { noResponse } from './response-summary.ts';
import type { ResponseSummary, TokenFailure } from './results.ts';
import type { ServiceMonitor } from './service-failure.ts';

export type TokenResult = { ok: true; token: string } | { ok: false; reason: TokenFailure; answer: ResponseSummary };

/**
 * What an answer says about the token that was sent.
 *
 * - `accepted`: it was good
 * - `expired`: the gateway's own 401013
 * - `refused`: any other 401, which something in between may have written
 */
export type TokenVerdict = 'accepted' | 'expired' | 'refused';

/** Where access tokens come from. */
export type TokenSource = {
  get(): Promise<TokenResult>;
  /** One that is not good is not handed out next, if it is still the current one. @returns whether a new one comes next */
  recordVerdict(token: string, verdict: TokenVerdict): boolean;
};

/**
 * A cached token. Times are milliseconds since 1970: when it was asked for, is due for renewal, and ends.
 * `isDoubtful`: it replaces a refused token, and was not accepted itself so far.
 */
type Cached = { token: string; askedAt: number; renewAt: number; endsAt: number; isDoubtful: boolean };

/** Where a new token is refused like the one before, the token is not the trouble, and Adobe throttles who asks too often. */
const renewalPauseMs = 60_000;

/**
 * One token, from the settings, for as long as it lasts. After the gateway refused it, it is withheld once: nothing
 * newer could be sent instead. Only once, because the gateway may have been wrong.
 * @throws TypeError when it cannot be sent in a header.
 */
export function fixedToken(token: string): TokenSource {
  checkHeaderValue('access token', token);
  let ended = false;
  return {
    async get() {
      if (!ended) return { ok: true, token };
      ended = false;
      return { ok: false, reason: 'token_ended', answer: noResponse };
    },
    recordVerdict(which, verdict) {
      if (which === token && verdict === 'expired') ended = true;
      return false;
    },
  };
}

/**
 * Tokens from Adobe IMS, OAuth server-to-server. Adobe throttles who asks too often, so a token is kept until it is
 * refused, or some minutes before it ends, and whoever asks in the meantime shares one request.
 *
 * @param options `imsUrl` as `https://ims-na1.adobelogin.com`; `scopes` comma-separated, from the Developer Console;
 * `now` in milliseconds; `timeoutMs` for a request to IMS, all phases together, 10 000 if absent
 * @throws TypeError when the URL cannot be one
 */
export function imsTokens(
  options: ImsClient & { now: () => number; timeoutMs?: number; watch?: ServiceMonitor },
): TokenSource {
  const request = imsRequest(options, options.timeoutMs ?? 10_000);
  const { clientSecret, now, watch = () => {} } = options;
  let cached: Cached | undefined;
  let isReplacing = false;
  let renewal: Promise<TokenResult> | undefined;

  async function renew(): Promise<TokenResult> {
    const askedAt = now();
    const issued = await issueToken(request, clientSecret, watch);
    if (issued.ok) {
      cached = keep(issued, askedAt, isReplacing);
      isReplacing = false;
    }
    // Renewal begins before the old token ends: while IMS is away, the old one still does.
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
      if (verdict === 'accepted') cached = { ...cached, isDoubtful: false };
      if (verdict === 'accepted' || (cached.isDoubtful && now() - cached.askedAt < renewalPauseMs)) return false;
      cached = undefined;
      isReplacing = true;
      return true;
    },
  };
}

/** Renewed five minutes before its end, or a tenth of its life if that is less. */
function keep({ token, lifetimeMs }: IssuedToken, askedAt: number, isDoubtful: boolean): Cached {
  const endsAt = askedAt + lifetimeMs;
  return { token, askedAt, endsAt, renewAt: endsAt - Math.min(5 * 60_000, lifetimeMs / 10), isDoubtful };
}
