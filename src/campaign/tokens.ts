import { checkHeaderValue } from './header-value.ts';
import { type ImsClient, type IssuedToken, imsRequest, issueToken } from './ims.ts';
import { NO_ANSWER } from './readable-answer.ts';
import type { Answer, TokenFailure } from './send-result.ts';

export type TokenResult = { ok: true; token: string } | { ok: false; reason: TokenFailure; answer: Answer };

/** Where access tokens come from. */
export type TokenSource = {
  get(): Promise<TokenResult>;
  /** The gateway said that this token is no longer valid: do not hand it out next, if it is still the current one. */
  refused(token: string): void;
};

/** A cached token, with the times (milliseconds since 1970) when it is due for renewal and when it ends. */
type Cached = { token: string; renewAt: number; endsAt: number };

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
      return { ok: false, reason: 'token_ended', answer: NO_ANSWER };
    },
    refused(which) {
      if (which === token) ended = true;
    },
  };
}

/**
 * Tokens from Adobe IMS, OAuth server-to-server. Adobe throttles who asks too often, so a token is kept until some
 * minutes before it ends, and whoever asks in the meantime shares one request.
 *
 * @param options `imsUrl` as `https://ims-na1.adobelogin.com`; `scopes` comma-separated, from the Developer Console;
 * `now` in milliseconds; `timeoutMs` for a request to IMS, all phases together, 10 000 if absent
 * @throws TypeError when the URL cannot be one
 */
export function imsTokens(options: ImsClient & { now: () => number; timeoutMs?: number }): TokenSource {
  const request = imsRequest(options, options.timeoutMs ?? 10_000);
  const { clientSecret, now } = options;
  let cached: Cached | undefined;
  let renewal: Promise<TokenResult> | undefined;

  async function renew(): Promise<TokenResult> {
    const askedAt = now();
    const issued = await issueToken(request, clientSecret);
    if (issued.ok) cached = keep(issued, askedAt);
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
    refused(token) {
      if (cached?.token === token) cached = undefined;
    },
  };
}

/** Renewed five minutes before its end, or a tenth of its life if that is less. */
function keep({ token, lifetimeMs }: IssuedToken, askedAt: number): Cached {
  const endsAt = askedAt + lifetimeMs;
  return { token, endsAt, renewAt: endsAt - Math.min(5 * 60_000, lifetimeMs / 10) };
}
