import { type Campaign, createCampaign } from './campaign/campaign.ts';
import { fixedToken, imsTokens, type TokenSource } from './campaign/tokens.ts';
import type { Environment, Settings } from './settings/settings.ts';

/** A Campaign client for each environment, by its organization. */
export function campaignsOf(
  environments: readonly Environment[],
  { apiUrl, imsUrl }: Settings['campaign'],
  now: () => number,
): ReadonlyMap<string, Campaign> {
  return new Map(
    environments.map((environment) => {
      const { organization, clientId: apiKey } = environment;
      const tokens = tokensOf(environment, imsUrl, now);
      return [organization, createCampaign({ apiUrl, organization, apiKey, tokens, now })];
    }),
  );
}

function tokensOf({ clientId, credentials }: Environment, imsUrl: string, now: () => number): TokenSource {
  if (credentials.kind === 'fixed') return fixedToken(credentials.accessToken);
  const { clientSecret, scopes } = credentials;
  return imsTokens({ imsUrl, clientId, clientSecret, scopes, now });
}
