import { type Campaign, createCampaign } from './campaign/campaign.ts';
import { fixedToken, imsTokens, type TokenSource } from './campaign/tokens.ts';
import type { Configuration, Environment, Settings } from './settings/settings.ts';

/** What the configuration says now. It changes as a whole, from one moment to the next. */
export type Setup = {
  now(): Configuration & { readonly campaigns: ReadonlyMap<string, Campaign> };
  change(configuration: Configuration): void;
};

export function setUp({ configuration, campaign }: Settings, clock: () => number): Setup {
  const complete = (one: Configuration) => ({ ...one, campaigns: campaignsOf(one.environments, campaign, clock) });
  let current = complete(configuration);
  return {
    now: () => current,
    change(next) {
      current = complete(next);
    },
  };
}

/** A Campaign client for each environment, by its organization. */
function campaignsOf(
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
