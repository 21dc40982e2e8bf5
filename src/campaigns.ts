import { type Campaign, createCampaign } from './campaign/campaign.ts';
import { fixedToken, imsTokens, type TokenSource } from './campaign/tokens.ts';
import type { Environment, Settings } from './settings/settings.ts';

/** A Campaign client for each environment, by its name. */
export function campaignsOf({ environments, campaign }: Settings, now: () => number): ReadonlyMap<string, Campaign> {
  return new Map(
    environments.map((environment) => {
      const { name, organization, clientId: apiKey } = environment;
      const tokens = tokensOf(environment, campaign.imsUrl, now);
      return [name, createCampaign({ apiUrl: campaign.apiUrl, organization, apiKey, tokens, now })];
    }),
  );
}

function tokensOf({ clientId, credentials }: Environment, imsUrl: string, now: () => number): TokenSource {
  if (credentials.kind === 'fixed') return fixedToken(credentials.accessToken);
  const { clientSecret, scopes } = credentials;
  return imsTokens({ imsUrl, clientId, clientSecret, scopes, now });
}
