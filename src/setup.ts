import { type Campaign, createCampaign } from './campaign/campaign.ts';
import { fixedToken, imsTokens, type TokenSource } from './campaign/tokens.ts';
import type { Configuration, Environment, Settings } from './settings/settings.ts';

/** What the configuration says now. It changes as a whole, from one moment to the next. */
export type Setup = {
  now(): Configuration & { readonly campaigns: ReadonlyMap<string, Campaign> };
  change(configuration: Configuration): void;
};

export function setUp({ configuration, campaign }: Settings, clock: () => number): Setup {
  let sources: TokenSources = new Map();
  const complete = (one: Configuration) => {
    // A token is good for as long as its credentials are the same, whatever else changes.
    sources = tokenSources(one.environments, campaign.imsUrl, clock, sources);
    return { ...one, campaigns: campaignsOf(one.environments, campaign, sources, clock) };
  };
  let current = complete(configuration);
  return {
    now: () => current,
    change(next) {
      current = complete(next);
    },
  };
}

/** By the credentials that they are for. */
type TokenSources = ReadonlyMap<string, TokenSource>;

function tokenSources(
  environments: readonly Environment[],
  imsUrl: string,
  now: () => number,
  before: TokenSources,
): TokenSources {
  return new Map(
    environments.map((environment) => {
      const key = credentialsKey(environment);
      return [key, before.get(key) ?? tokensOf(environment, imsUrl, now)];
    }),
  );
}

function credentialsKey({ clientId, credentials }: Environment): string {
  return JSON.stringify([clientId, credentials]);
}

/** A Campaign client for each environment, by its organization. */
function campaignsOf(
  environments: readonly Environment[],
  { apiUrl }: Settings['campaign'],
  sources: TokenSources,
  now: () => number,
): ReadonlyMap<string, Campaign> {
  return new Map(
    environments.flatMap((environment) => {
      const { organization, clientId: apiKey } = environment;
      const tokens = sources.get(credentialsKey(environment));
      return tokens === undefined
        ? []
        : [[organization, createCampaign({ apiUrl, organization, apiKey, tokens, now })] as const];
    }),
  );
}

function tokensOf({ clientId, credentials }: Environment, imsUrl: string, now: () => number): TokenSource {
  if (credentials.kind === 'fixed') return fixedToken(credentials.accessToken);
  const { clientSecret, scopes } = credentials;
  return imsTokens({ imsUrl, clientId, clientSecret, scopes, now });
}
