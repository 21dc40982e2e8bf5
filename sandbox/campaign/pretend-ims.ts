import { randomUUID } from 'node:crypto';
import type { RecordedRequest } from './recorded-request.ts';
import { jsonReply, oopsReply, type Reply } from './reply.ts';

/** The credentials of a Developer Console project, for one organization. */
export type Client = { clientId: string; clientSecret: string; scopes: string };
export type ImsSettings = Client & { tokenSeconds: number };

export type PretendIms = {
  answer(request: RecordedRequest): Reply;
  /** Issues a token without HTTP, for a client with a fixed one. */
  issue(): string;
  isValid(token: string): boolean;
  revokeAll(): void;
  /** The lifetime of new tokens. */
  setLifetime(seconds: number): void;
};

export function createPretendIms(settings: ImsSettings): PretendIms {
  /** Tokens, and when they expire (milliseconds since 1970). */
  const tokens = new Map<string, number>();
  let lifetimeSeconds = settings.tokenSeconds;

  function issue(): string {
    const token = `pretend-token-${randomUUID()}`;
    tokens.set(token, Date.now() + lifetimeSeconds * 1000);
    return token;
  }

  return {
    issue,
    answer(request) {
      // Parameters in the URL are another path: they belong in the body.
      if (request.method !== 'POST' || request.path !== '/ims/token/v3') return oopsReply(500);
      const problem = problemOf(request, settings);
      if (problem !== undefined) return jsonReply(400, { error: 'invalid_client', error_description: problem });
      return jsonReply(200, { access_token: issue(), token_type: 'bearer', expires_in: lifetimeSeconds });
    },
    isValid: (token) => (tokens.get(token) ?? 0) > Date.now(),
    revokeAll: () => tokens.clear(),
    setLifetime(seconds) {
      lifetimeSeconds = seconds;
    },
  };
}

function problemOf({ headers, body }: RecordedRequest, settings: ImsSettings): string | undefined {
  // Some clients add a charset.
  const [mediaType] = (headers['content-type'] ?? '').split(';');
  if (mediaType !== 'application/x-www-form-urlencoded') return 'not a form';
  const form = new URLSearchParams(body);
  const expected = {
    client_id: settings.clientId,
    client_secret: settings.clientSecret,
    grant_type: 'client_credentials',
    scope: settings.scopes,
  };
  const wrong = Object.entries(expected).find(([name, value]) => form.get(name) !== value);
  return wrong && `invalid ${wrong[0]} parameter`;
}
