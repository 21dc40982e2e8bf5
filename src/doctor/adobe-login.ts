import { imsRequest, issueDatedToken, type TokenIssue } from '../campaign/ims.ts';
import type { Environment, Settings } from '../settings/settings.ts';
import { aheadMs } from '../slack/clock-watch.ts';

/** What IMS says to an environment's credentials. `ahead`: by how many milliseconds this machine's clock is ahead of Adobe's. */
export type Login =
  | { readonly kind: 'fixed'; readonly token: string }
  | { readonly kind: 'asked'; readonly issue: TokenIssue; readonly ahead: number | null };

/** Asks IMS for tokens, once for each set of credentials: Adobe throttles clients that ask too often. */
export type AdobeLogin = (environment: Environment) => Promise<Login>;

const timeoutMs = 10_000;

export function createAdobeLogin({ imsUrl }: Pick<Settings['campaign'], 'imsUrl'>): AdobeLogin {
  const logins = new Map<string, Promise<Login>>();
  return (environment) => {
    const { clientId, credentials } = environment;
    const key = JSON.stringify([clientId, credentials]);
    const login = logins.get(key) ?? logIn(environment, imsUrl);
    logins.set(key, login);
    return login;
  };
}

async function logIn({ clientId, credentials }: Environment, imsUrl: string): Promise<Login> {
  if (credentials.kind === 'fixed') return { kind: 'fixed', token: credentials.accessToken };
  const { clientSecret, scopes } = credentials;
  const sentAt = Date.now();
  const request = imsRequest({ imsUrl, clientId, clientSecret, scopes }, timeoutMs);
  const { issue, date } = await issueDatedToken(request, clientSecret, () => {});
  const adobeMs = Date.parse(date ?? '');
  return { kind: 'asked', issue, ahead: Number.isNaN(adobeMs) ? null : aheadMs(sentAt, Date.now(), adobeMs) };
}
